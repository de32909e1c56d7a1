# The server of functions/server.ts, for Fargate, Cloud Run or a machine of one's own: docs/server.md. A test runs what
# this file says, but for the base and the registry.

FROM node:24.21.0-bookworm-slim AS page
WORKDIR /app
COPY package.json package-lock.json tsconfig.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY scripts/build-page.ts scripts/
COPY lib lib
COPY web web
RUN node scripts/build-page.ts

FROM node:24.21.0-bookworm-slim
ENV NODE_ENV=production PORT=8080 DATA_DIR=/data
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund && npm cache clean --force
COPY lib lib
COPY functions functions
COPY --from=page /app/web/dist web/dist
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 8080
# An answer that only a CDN gets (421) is one too.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health`).then(({ status }) => process.exit(status < 500 ? 0 : 1), () => process.exit(1))"]
# As npm start has it: by itself V8's young generation grows to three times 32 MiB, and is no faster; and in a process
# that mostly waits V8 marks its whole heap for every 8 MiB of blocks, which takes as long as to read them.
CMD ["node", "--max-semi-space-size=8", "--heap-growing-percent=100", "functions/server.ts"]
