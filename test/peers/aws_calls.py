"""Calls to AWS by boto3: a line of JSON in, who asks and a list of calls; a line out, for each the code it failed with.

Empty where it did not fail; null where it was not asked, since the SDK has no such operation.
"""

import json
import re
import sys

import boto3
import botocore.config
import botocore.exceptions
import botocore.parsers

# Services that the SDK has by another name than IAM.
NAMES = {"apigateway": "apigatewayv2"}
once = botocore.config.Config(retries={"max_attempts": 0}, parameter_validation=False)


def outcome(client, operation, parameters):
    if operation not in client.meta.service_model.operation_names:
        return None
    try:
        client._make_api_call(operation, parameters)
    except botocore.exceptions.ClientError as error:
        told = error.response["Error"]
        # Of services that speak JSON moto refuses in XML.
        found = re.search(r"<Code>(\w+)</Code>", told.get("Message", ""))
        return found[1] if found else told["Code"]
    except botocore.parsers.ResponseParserError:
        return "an answer that is none"
    return ""


for line in sys.stdin:
    asked = json.loads(line)
    session = boto3.Session(**asked["credentials"], region_name=asked["region"])
    clients = {}
    outcomes = []
    for call in asked["calls"]:
        service = call["action"].split(":")[0]
        if service not in clients:
            clients[service] = session.client(
                NAMES.get(service, service), endpoint_url=asked["endpoint"], config=once
            )
        outcomes.append(outcome(clients[service], call["operation"], call["parameters"]))
    print(json.dumps(outcomes), flush=True)
