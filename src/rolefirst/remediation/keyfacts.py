"""What a remediation is written from: plain data about one key, its user and its consumer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rolefirst.decision.catalogue import Sink
    from rolefirst.findings import Consumer, Edit
    from rolefirst.project import Block
    from rolefirst.remediation.filters import Safe


@dataclass(frozen=True, slots=True)
class Written:
    """An argument of the user's code: its ``expression`` as written and its ``value``.

    ``reference`` names the argument or what it refers to, for code beside it. Each is empty where
    it is not known. A literal is its value; any other expression means more than that.
    """

    value: str = ""
    expression: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class PolicySource:
    """One policy of the user: a managed one (its ARN) or a document (its JSON).

    ``label`` is a short name for what carries it over. ``holder`` is the aws_iam_policy_attachment
    that attaches it to everybody who has it, ``roles`` and ``users`` are who stands there already.
    ``address`` is the block that gives it to the user. ``network`` says that it denies what comes
    from another network: ``only`` that, or something else ``too``.
    """

    managed: bool
    source: Written
    label: str
    holder: str = ""
    roles: Written = field(default_factory=Written)
    users: Written = field(default_factory=Written)
    address: str = ""
    network: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A group of the user. ``membership`` puts the user into it.

    ``complete`` is false when the code does not declare the group beside the user, so that it may
    have policies that were not carried over. ``empty`` when no policy of it was found.
    """

    name: str
    membership: str
    complete: bool
    empty: bool


@dataclass(frozen=True, slots=True)
class Mention:
    """A place that says who the user is, which a role is not.

    ``what`` is how: a condition key such as ``aws:username``, or ``ARN``. ``own`` is true for
    the user's own policies, false for what lets the user in from the other side.
    """

    address: str
    what: str
    own: bool


@dataclass(frozen=True, slots=True)
class Cluster:
    """The EKS cluster of a consumer, as code beside the user names it.

    ``name`` is the cluster's, ``provider`` the ARN of the identity provider for its service
    accounts. ``agent`` says that it has the agent of Pod Identity, ``fargate`` that pods may run
    where that cannot be. ``namespace`` and ``service_account`` are those of the pods, ``account``
    is the block that declares the latter.
    """

    name: Safe | None = None
    provider: Safe | None = None
    agent: bool = False
    fargate: bool = False
    namespace: Safe | None = None
    service_account: Safe | None = None
    account: Block | None = None

    @property
    def irsa(self) -> bool:
        """True when an IAM role for service accounts fits better than Pod Identity."""
        return self.provider is not None and (self.fargate or not self.agent)


@dataclass(frozen=True, slots=True)
class Workload:
    """What belongs to a consumer already.

    ``role`` is an expression for the name of the role that it runs with, ``role_address`` that
    role, ``role_alias`` the provider alias which that names, and ``sharers`` who else runs with it.
    ``has_role`` says that there is or may be one. ``own_names`` are the names of what the code of
    the workload takes from the key itself, because no SDK does.
    """

    role: Safe | None = None
    role_address: str = ""
    role_alias: str = ""
    sharers: tuple[str, ...] = ()
    has_role: bool = False
    own_names: tuple[str, ...] = ()
    cluster: Cluster = field(default_factory=Cluster)


@dataclass(frozen=True, slots=True)
class Issuer:
    """The identity provider that is there, as code beside the user names its ARN.

    ``words`` are those that its URL says, ``audiences`` its client ids where they are known.
    """

    arn: str = ""
    words: Mapping[str, Written] = field(default_factory=dict)
    audiences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tokens:
    """What the code tells about tokens: who issues them, and by consumer what each word means.

    ``referred`` are the consumers that other code refers to, ``partition`` is that of the role.
    ``ids`` are, by consumer, the edits that take the key's id away from the same job: half a key
    in its environment is an error for many clients. None is one that would be a guess.
    ``variables`` are, by consumer, the variable for a role's ARN that its job has already, and the
    label of the one that it gets otherwise.
    """

    issuer: Issuer = field(default_factory=Issuer)
    jobs: tuple[Mapping[str, tuple[Written, ...]], ...] = ()
    referred: tuple[str, ...] = ()
    partition: str = ""
    ids: Mapping[str, tuple[Edit | None, ...]] = field(default_factory=dict)
    variables: Mapping[str, tuple[Block | None, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """What the code tells about a key and its user; empty where it tells nothing.

    The code that is written belongs into ``directory``, where the user (or else the key) stands;
    ``module`` is that module instance as a prefix of addresses (``module.ci.``), ``calls`` all its
    instances. ``origin`` says what makes the key (``resource``, ``module`` or ``script``), and
    ``switch`` is the variable that turns it off in a published module. ``only_key`` is false when
    the user has others. ``exclusive`` are the kinds of policies (``managed``, ``inline``) that the
    user has in a list of its own, ``unread`` the policies that code beside the user cannot repeat.
    ``repeated`` is ``count`` or ``for_each`` when the user has one. ``tags`` are the
    user's and ``tags_expression`` what they are written as. ``has_role`` says that the consumer
    runs with a role today, ``same_consumer`` which other keys it takes. ``readers`` are the
    addresses of what reads the id of the key or the name of the user. ``stated`` is, by name, what
    the code beside the user says of whoever takes the role (see ``stated``). ``workload`` is what
    belongs to the consumer already. ``switched`` says that edits of its code switch the consumer.
    """

    key_address: str
    key_name: str
    directory: str = "."
    module: str = ""
    calls: tuple[str, ...] = ()
    origin: str = "resource"
    switch: str = ""
    only_key: bool = True
    user_address: str = ""
    user_label: str = ""
    user_name: Written = field(default_factory=Written)
    repeated: str = ""
    policies: tuple[PolicySource, ...] = ()
    boundary: PolicySource | None = None
    exclusive: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    groups: tuple[Group, ...] = ()
    mentions: tuple[Mention, ...] = ()
    provider_alias: str = ""
    tags: dict[str, str] = field(default_factory=dict)
    tags_expression: str = ""
    consumer: Consumer | None = None
    sink: Sink | None = None
    has_role: bool = False
    same_consumer: tuple[str, ...] = ()
    readers: tuple[str, ...] = ()
    stated: Mapping[str, Written] = field(default_factory=dict)
    workload: Workload = field(default_factory=Workload)
    switched: bool = False
    tokens: Tokens = field(default_factory=Tokens)
