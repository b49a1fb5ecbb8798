"""What the policies that AWS writes allow, as far as the rules about rights must know.

A policy of AWS has the same name in every partition. Its text is not in the code; those with
sweeping rights are few, and their names are part of AWS's promise that they do not change.
"""

from __future__ import annotations

import enum
import re

from rolefirst.iam.statements import Document, Statement, Text

_ARN = re.compile(
    r"arn:(?P<partition>[^:{}]+|\$\{[^{}]*\}):iam::(?P<account>[^:{}]*|\$\{[^{}]*\})"
    r":policy/(?P<path>[^{}]*/)?(?P<name>[\w+=,.@-]+)"
)


class Managed(enum.Enum):
    """What is known of the policy behind an ARN."""

    READ = "its text"
    BROAD = "AWS wrote it, and it gives whole services"
    NARROW = "AWS wrote it, and it gives less"
    UNKNOWN = "nothing: it may be anybody's"


def _text(effect: str, *actions: str, all_but: tuple[str, ...] = ()) -> Document:
    statement = Statement(
        Text(effect),
        actions=tuple(map(Text, actions)),
        not_actions=tuple(map(Text, all_but)),
        resources=(Text("*"),),
    )
    return Document((statement,), "2012-10-17")


#: What matters here of the texts that do more than give whole services.
_TEXTS = {
    "AdministratorAccess": _text("Allow", "*"),
    "AdministratorAccess-Amplify": _text(
        "Allow", "iam:CreatePolicyVersion", "iam:AttachRolePolicy", "iam:PutRolePolicy", "amplify:*"
    ),
    "AWSDenyAll": _text("Deny", "*"),
    "IAMFullAccess": _text("Allow", "iam:*"),
    "PowerUserAccess": _text("Allow", all_but=("iam:*", "organizations:*", "account:*")),
}
#: Policies for people and programs that give whole services and do not say so in their names.
_BROAD = frozenset(
    {
        "AWSAppSyncAdministrator",
        "AWSAuditManagerAdministratorAccess",
        "AWSCloud9Administrator",
        "AWSCodeArtifactAdminAccess",
        "AWSCodeBuildAdminAccess",
        "AWSDataPipeline_PowerUser",
        "AWSGrafanaAccountAdministrator",
        "AWSLakeFormationDataAdmin",
        "AWSSSODirectoryAdministrator",
        "AWSSSOMasterAccountAdministrator",
        "AWSSSOMemberAccountAdministrator",
        "AdministratorAccess-AWSElasticBeanstalk",
        "AmazonAPIGatewayAdministrator",
        "AmazonCognitoPowerUser",
        "AmazonDynamoDBFullAccesswithDataPipeline",
        "AmazonFraudDetectorFullAccessPolicy",
        "AmazonSecurityLakeAdministrator",
        "DataScientist",
        "DatabaseAdministrator",
        "NetworkAdministrator",
        "SecretsManagerReadWrite",
        "SystemAdministrator",
    }
)
_FULL = re.compile(r"[\w-]+FullAccess(?:_?V\d+)?", re.IGNORECASE)
#: Names that nobody else gives to a policy.
_VENDOR = re.compile(r"(?:AWS|Amazon)[A-Z].*")


def managed(arn: str) -> tuple[Document | None, Managed]:
    """The text of a managed policy where it is known, and else what kind it is.

    A policy that the code finds by name alone is AWS's when its name is a well-known one.
    """
    found = _ARN.fullmatch(arn)
    if found is None:
        return None, Managed.UNKNOWN
    name, account = found["name"], found["account"]
    if account not in ("", "aws") and not account.startswith("${"):
        return None, Managed.UNKNOWN
    if name in _TEXTS:
        return _TEXTS[name], Managed.READ
    if name in _BROAD:
        return None, Managed.BROAD
    if _FULL.fullmatch(name) and (account == "aws" or _VENDOR.fullmatch(name)):
        return None, Managed.BROAD
    return None, Managed.NARROW if account == "aws" else Managed.UNKNOWN
