"""Whether receivers will accept the mails as ours: SPF, DKIM, DMARC and MX, as large providers require."""

from __future__ import annotations

from collections.abc import Iterator
from email.utils import parseaddr

from digest.checking.dns import CannotLook, Dns
from digest.checking.finding import Check, bad, ok, unknown, warning
from digest.checking.records import Dmarc, dmarc, key_problem
from digest.checking.spf import Broken, spf
from digest.errors import SendError
from digest.senders.dkim import public_keys
from digest.settings import Newsletter, OutboxSettings, SesSettings, SmtpSettings

#: Domains that nobody can own, and from which no receiver accepts mail (RFC 2606, 6761).
RESERVED = ("example", "invalid", "localhost", "test", "example.com", "example.net", "example.org")


def mail_records(newsletter: Newsletter, dns: Dns) -> Iterator[Check]:
    """What the DNS says about the newsletter's domains; nothing if no mail leaves the machine."""
    if isinstance(newsletter.sender, OutboxSettings):
        return
    domain = _domain(newsletter.from_)
    if is_reserved(domain):
        yield bad(
            f"domain {domain}",
            "is in `from`, but is reserved for examples: no receiver accepts mail from it",
            "write an address of your own domain",
        )
        return
    yield from _mailboxes(newsletter, dns)
    envelope = _domain(newsletter.bounces) if newsletter.bounces else domain
    policy = None
    try:
        policy = dmarc(domain, dns.texts)
    except CannotLook as error:
        yield unknown(f"DMARC of {domain}", f"could not be looked up: {error}")
    if policy is not None:
        yield _policy(policy, domain)
    if not isinstance(newsletter.sender, SmtpSettings):
        kind = newsletter.sender.kind
        yield ok(
            f"SPF and DKIM of {domain}",
            f"are between {kind} and the DNS: make sure that it is verified there",
        )
        if isinstance(newsletter.sender, SesSettings) and newsletter.sender.dkim:
            yield from _dkim(newsletter.sender, dns)
        return
    spf_found = list(_spf(envelope, newsletter.sender, dns))
    dkim_found = list(_dkim(newsletter.sender, dns))
    yield from (*spf_found, *dkim_found)
    if isinstance(policy, Dmarc):
        yield _alignment(policy, domain, envelope, newsletter.sender, spf_found)


def _mailboxes(newsletter: Newsletter, dns: Dns) -> Iterator[Check]:
    """Whether replies and bounces reach somebody."""
    named = {"from": newsletter.from_, "reply_to": newsletter.reply_to, "bounces": newsletter.bounces}
    domains: dict[str, list[str]] = {}
    for key, address in named.items():
        if address:
            domains.setdefault(_domain(address), []).append(f"`{key}`")
    for domain, keys in domains.items():
        what = f"MX of {domain}"
        try:
            hosts = dns.exchanges(domain)
            reached = hosts != [""] and (hosts or dns.addresses(domain))
        except CannotLook as error:
            yield unknown(what, f"could not be looked up: {error}")
            continue
        if reached:
            yield ok(what, f"mail is taken by {hosts[0] if hosts else domain}")
        else:
            words = f"takes no mail, and is the domain of {' and '.join(keys)}: replies and bounces are lost"
            yield bad(what, words, "add an MX record, or write an address of a domain that has one")


def _policy(policy: Dmarc | str, domain: str) -> Check:
    what = f"DMARC of {domain}"
    if isinstance(policy, str):
        record = f'"v=DMARC1; p=none; rua=mailto:dmarc@{domain}"'
        return bad(what, policy, f"large receivers refuse bulk mail without one; begin with TXT {record}")
    where = f" at _dmarc.{policy.domain}" if policy.domain != domain else ""
    reports = "" if "rua" in policy.tags else ", and asks for no reports (rua)"
    return ok(what, f"p={policy.policy}{where}{reports}")


def _spf(domain: str, sender: SmtpSettings, dns: Dns) -> Iterator[Check]:
    what = f"SPF of {domain}"
    host = sender.host.strip("[]")
    try:
        addresses = [host] if _is_ip(host) else list(dns.addresses(host))
        found = spf(domain, addresses, dns)
    except CannotLook as error:
        yield unknown(what, f"could not be looked up: {error}")
        return
    except Broken as problem:
        yield bad(what, f"cannot be used: {problem}", "fix the record: no receiver accepts it as it is")
        return
    if found is None:
        record = f'"v=spf1 a:{host} -all"'
        yield bad(what, "there is no record", f"add TXT {record}, or what your provider says")
        return
    if found.others == "pass":
        yield bad(what, "lets anybody send for this domain", "end it with -all or ~all")
        return
    ends = {"fail": "-all", "softfail": "~all"}.get(found.others)
    if ends is None:
        yield warning(what, "says nothing about hosts that it does not name", "end it with -all or ~all")
    named = f", names {host}" if found.passing else ""
    yield ok(what, f"takes {found.lookups} look-ups{named}: {found.record}")
    if not found.passing and addresses:
        yield warning(
            what,
            f"does not name {host} ({', '.join(addresses)})",
            "fine if the server passes mail on through hosts that are named; otherwise add it",
        )


def _dkim(sender: SmtpSettings | SesSettings, dns: Dns) -> Iterator[Check]:
    if sender.dkim is None:
        yield warning(
            "DKIM",
            "mails are not signed here",
            "set sender.dkim, unless the server signs them for your domain",
        )
        return
    try:
        keys = public_keys(sender.dkim)
    except SendError as error:
        yield bad("DKIM", str(error), "see docs/schedules.md, sender.dkim")
        return
    for key in keys:
        what = f"DKIM at {key.name}"
        try:
            problem = key_problem(key, dns.texts(key.name))
        except CannotLook as error:
            yield unknown(what, f"could not be looked up: {error}")
            continue
        if problem:
            yield bad(what, problem, f'the record has to be TXT "{key.record}"')
        else:
            yield ok(what, f"the {key.kind} key is the one that we sign with")


def _alignment(
    policy: Dmarc, domain: str, envelope: str, sender: SmtpSettings, spf_found: list[Check]
) -> Check:
    """DMARC passes by a signature or an envelope of the domain that readers see (RFC 7489, 3.1)."""
    what = f"DMARC alignment of {domain}"
    by = []
    if sender.dkim and policy.aligned(sender.dkim.domain, domain, "adkim"):
        by.append(f"DKIM ({sender.dkim.domain})")
    if policy.aligned(envelope, domain, "aspf") and not any(one.level == "bad" for one in spf_found):
        by.append(f"SPF ({envelope})")
    if by:
        return ok(what, f"passes by {' and by '.join(by)}")
    return bad(
        what,
        f"mails from {domain} pass neither by DKIM nor by SPF: p={policy.policy} holds for them",
        f"sign with d={domain} (sender.dkim), or let the envelope's domain be {domain}, with SPF",
    )


def _domain(mailbox: str) -> str:
    return parseaddr(mailbox)[1].rpartition("@")[2].lower()


def is_reserved(domain: str) -> bool:
    """Whether the domain is one that nobody can own."""
    return any(domain == each or domain.endswith(f".{each}") for each in RESERVED)


def _is_ip(host: str) -> bool:
    from ipaddress import ip_address

    try:
        ip_address(host)
    except ValueError:
        return False
    return True
