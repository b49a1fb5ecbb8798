"""What templates print of OIDC: the issuer, and whom of its tokens the role trusts.

Every ``<word>`` of the catalogue's row becomes what the code says it is, and else a variable.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import product
from typing import TYPE_CHECKING

from rolefirst.decision import catalogue
from rolefirst.decision.federations import WORD, Federation, Word
from rolefirst.remediation import expressions
from rolefirst.remediation.filters import Safe, hcl, label
from rolefirst.remediation.keyfacts import Issuer, KeyFacts, Written
from rolefirst.remediation.policies import is_fixed

if TYPE_CHECKING:
    from rolefirst.remediation.names import Names

Job = Mapping[str, tuple[Written, ...]]

_UNKNOWN = Federation("https://<host>", "<audience>", ("<subject>",))
_USUAL = {
    "host": Word("Host and path of the token issuer, without https://.", form="^[^/*?][^*?]+$"),
    "audience": Word("The aud of the token."),
    "subject": Word("The sub of the token, which names the tenant.", form="^[^*?]{4,}"),
}
_CONSUMERS = {
    "oidc_github": ("github_actions_secret", "plaintext_value"),
    "oidc_gitlab": ("gitlab_project_variable", "value"),
}
#: One whole thing, without wildcards.
_FORM = "^[^*?]+$"
_PROVIDER_ARN = "^arn:aws[a-z-]*:iam::[0-9]{12}:oidc-provider/[^*?]+$"
#: What GitHub leaves out of the subjects of repositories that send names alone.
_IDS = ("@<owner id>", "@<repository id>")
_ONE_TRAVERSAL = re.compile(r"\$\{([\w.-]+)\}", re.ASCII)
#: Wildcards, policy variables, and what separates the parts of a subject.
_MEANS_MORE = re.compile(r"[*?$%:]")


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable for what the code does not say, without a default."""

    name: str
    description: str
    form: str
    error: str


@dataclass(frozen=True, slots=True)
class Trust:
    """An issuer and whom of its tokens the role trusts, as templates print it.

    ``provider`` is the ARN of the identity provider that is there; ``host`` starts the condition
    keys. ``subjects`` are those of all consumers, by the form in which the platform sends them.
    ``missing`` is the audience that the provider which is there does not take yet. ``asked`` is
    the variable with the provider's ARN in a module: an account has one provider per URL, and a
    module may be called several times.
    """

    platform: str
    issuer: Safe
    host: Safe
    audience: Safe
    test: str
    subjects: Mapping[str, tuple[Safe, ...]]
    variables: tuple[Variable, ...] = ()
    provider: Safe | None = None
    provider_address: str = ""
    missing: str = ""
    asked: str = ""
    fixed: tuple[str, ...] = ()


@dataclass(slots=True)
class _Writer:
    """Writes texts with words in them and collects the variables that this takes."""

    federation: Federation
    issuer: Issuer
    label: str
    several: bool
    variables: dict[str, Variable] = field(default_factory=dict)
    fixed: dict[str, None] = field(default_factory=dict)

    def texts(self, template: str, job: Job) -> Iterator[Safe]:
        """The template with each of the values that its words have, as content of quotes."""
        texts, names = WORD.split(template)[::2], WORD.findall(template)
        for parts in product(*(self._parts(name, job) for name in names)):
            pairs = zip(texts, (*parts, ""), strict=True)
            yield Safe("".join(hcl(text)[1:-1] + part for text, part in pairs))

    def says(self, template: str, job: Job) -> bool:
        """True when the code says every word of the template."""
        return all(self._known(name, job) for name in WORD.findall(template))

    def _parts(self, name: str, job: Job) -> tuple[Safe, ...]:
        return self._known(name, job) or (self._variable(name, job),)

    def _known(self, name: str, job: Job) -> tuple[Safe, ...]:
        word = self._word(name)
        known = self.issuer.words
        said = job.get(name) or ((known[name],) if name in known else ())
        parts = [self._part(each, word, name) for each in said]
        found = tuple(part for part in parts if part is not None)
        return found if len(found) == len(parts) else ()

    def _part(self, said: Written, word: Word, name: str) -> Safe | None:
        """What is said as content of quotes; None when it could mean more than one thing."""
        if said.value and not _fits(said.value, word):
            return None
        inner = None
        if expressions.is_reference(said.reference):
            inner = Safe("${" + said.reference + "}")
        elif said.expression and not expressions.is_literal(said.expression):
            inner = expressions.in_template(said.expression)
        if inner is None and said.value:
            inner = Safe(hcl(said.value)[1:-1])
            if is_fixed(said):
                self.fixed[f"the {name} of the token"] = None
        return None if inner is None else Safe(hcl(word.prefix)[1:-1] + inner)

    def _variable(self, name: str, job: Job) -> Safe:
        word = self._word(name)
        variable, description = f"{self.label}_{label(name, 40)}", word.description
        whose = job.get(word.of, ()) if self.several else ()
        if whose:
            owner = whose[0].value or whose[0].reference or whose[0].expression
            variable = f"{variable}_{label(owner, 40)}"
            description = f"{description} Here: {word.of} {owner}."
        error = "Name exactly one, without wildcards."
        if word.form:
            error = f"It has to match {word.form} (a pattern)."
        self.variables[variable] = Variable(variable, description, word.form or _FORM, error)
        return Safe(f"${{var.{label(variable, 200)}}}")

    def provider(self, issuer: str) -> str:
        """The name of a variable for the ARN of the identity provider."""
        name = label(f"{self.label}_provider_arn", 200)
        url = issuer.strip('"') if "${" not in issuer else "this issuer"
        description = f"ARN of the account's IAM OIDC provider for {url}."
        error = "Give the ARN of an IAM OIDC provider."
        self.variables[name] = Variable(name, description, _PROVIDER_ARN, error)
        return name

    def _word(self, name: str) -> Word:
        usual = _USUAL.get(name, Word(f"The {name} in the token: {self.federation.issuer}."))
        return self.federation.words.get(name, usual)


def trust_of(template: str, facts: KeyFacts, names: Names) -> Trust:
    """What the role of a key's consumers has to trust."""
    tokens = facts.tokens
    federation = _federation(template, facts)
    jobs: tuple[Job, ...] = tokens.jobs or ({},)
    writer = _Writer(federation, tokens.issuer, names.label, len(jobs) > 1)
    host, issuer = _host(federation, writer, jobs[0])
    audience = _audience(federation, writer, jobs[0])
    shapes = federation.subject or _UNKNOWN.subject
    subjects = {"": _subjects(shapes, writer, jobs)}
    if any(_IDS[0] in shape for shape in shapes):
        plain = tuple(shape.replace(_IDS[0], "").replace(_IDS[1], "") for shape in shapes)
        subjects = {"immutable": subjects[""], "name": _subjects(plain, writer, jobs)}
    exact = all("*" not in shape and WORD.sub("", shape) for shape in shapes)
    arn, asked = tokens.issuer.arn, ""
    if not arn and (facts.module or len(facts.calls) > 1):
        arn = asked = f"var.{writer.provider(issuer)}"
    known = tokens.issuer.audiences
    fixed_audience = not WORD.search(federation.audience) and federation.audience
    return Trust(
        platform=federation.platform or "The workload",
        issuer=issuer,
        host=host,
        audience=audience,
        test="StringEquals" if exact else "StringLike",
        subjects=subjects,
        variables=tuple(writer.variables.values()),
        provider=Safe(arn) if expressions.is_reference(arn) else None,
        provider_address=arn.removesuffix(".arn"),
        asked=asked,
        missing=fixed_audience if fixed_audience and known and fixed_audience not in known else "",
        fixed=tuple(writer.fixed),
    )


def _federation(template: str, facts: KeyFacts) -> Federation:
    """That of the consumer, or of the usual one where something else says which platform it is."""
    sink = facts.sink
    if (sink is None or sink.oidc is None) and template in _CONSUMERS:
        sink = catalogue.packaged().sink(*_CONSUMERS[template])
    found = sink.oidc if sink and sink.oidc else _UNKNOWN
    if template == "oidc_github" and facts.tokens.partition == "aws-cn":
        return replace(found, audience=f"{found.audience}.cn")
    return found


def _host(federation: Federation, writer: _Writer, job: Job) -> tuple[Safe, Safe]:
    """What starts the condition keys, and the issuer's URL in quotes."""
    arn = writer.issuer.arn
    if arn and not writer.says(federation.issuer, job):
        if arn.startswith("var."):
            return Safe(f'${{split("oidc-provider/", {arn})[1]}}'), Safe('""')
        url = arn.removesuffix("arn") + "url"
        return Safe(f'${{trimprefix({url}, "https://")}}'), Safe('""')
    url = next(writer.texts(federation.issuer, job))
    return Safe(url.removeprefix("https://")), Safe(f'"{url}"')


def _audience(federation: Federation, writer: _Writer, job: Job) -> Safe:
    shape = federation.audience or "<audience>"
    taken = writer.issuer.audiences
    if len(taken) == 1 and not writer.says(shape, job) and not re.search(r"[*?$]", taken[0]):
        return hcl(taken[0])
    return _quoted(next(writer.texts(shape, job)))


def _subjects(shapes: tuple[str, ...], writer: _Writer, jobs: tuple[Job, ...]) -> tuple[Safe, ...]:
    texts = (text for job in jobs for shape in shapes for text in writer.texts(shape, job))
    return tuple(_quoted(text) for text in dict.fromkeys(texts))


def _fits(value: str, word: Word) -> bool:
    """True when a value from the code is one plain name."""
    if len(value) > 255 or not value.isprintable() or _MEANS_MORE.search(value):
        return False
    return not word.form or re.search(word.form, word.prefix + value) is not None


def _quoted(text: Safe) -> Safe:
    """The text in quotes; an expression alone needs none."""
    whole = _ONE_TRAVERSAL.fullmatch(text)
    return Safe(whole[1]) if whole else Safe(f'"{text}"')
