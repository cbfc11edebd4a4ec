"""The register of templates: one for each reason to write, each as Meta takes it, filled from what is told."""

import re
from itertools import product

import pytest
from graph_api import GraphApi
from graph_api_rules import check_template

import flows  # registers what is told
from bot import templates
from bot.announcements import TEMPLATE
from bot.channels import whatsapp_templates as account
from bot.channels.whatsapp_calls import Graph
from flows.registry import NOTICES

assert flows
REASONS = sorted({*NOTICES, TEMPLATE})
EACH = list(product(templates.register().values(), templates.LANGUAGES))


def approved() -> dict[tuple[str, str], dict[str, object]]:
    """The register as it stands on an account where Meta has looked at all of it."""
    handed = [templates.handed_in(template, language) for template, language in EACH]
    return {(each["name"], each["language"]): {**each, "status": "APPROVED"} for each in handed}


def test_every_reason_to_write_has_its_template_and_no_template_is_for_nothing() -> None:
    assert [reason for reason in REASONS if templates.template_of(reason) is None] == []
    used = {template.kind for reason in REASONS if (template := templates.template_of(reason))}
    assert set(templates.register()) == used


def test_what_was_asked_for_is_told_and_what_invites_is_paid_as_such() -> None:
    """Meta lets people refuse marketing: what they asked to be told must not be among it."""
    marketing = {each for each in REASONS if (found := templates.template_of(each)) and found.category == "MARKETING"}
    unasked = {kind for kind, notice in NOTICES.items() if not notice.is_asked}
    assert marketing == {TEMPLATE, *unasked} - {"workshop.ended"}  # how it was is asked of who was there


@pytest.mark.parametrize(("template", "language"), EACH, ids=lambda each: getattr(each, "name", each))
def test_each_template_is_one_that_meta_takes(template: templates.Template, language: str) -> None:
    """https://developers.facebook.com/documentation/business-messaging/whatsapp/templates/template-management."""
    assert re.fullmatch("[a-z0-9_]{1,512}", template.name)
    assert [each.name for each in templates.register().values()].count(template.name) == 1
    assert template.category in ("UTILITY", "MARKETING")
    body, variables = template.bodies[language], template.variables(language)
    assert set(variables) == set(template.variables("fr")) == set(template.examples)
    assert all(template.examples.values())
    assert 1 <= len(body) <= 1024
    assert not re.search(r"[\n\t]|    ", body)
    assert not re.match(r"\W*\{\{|.*\}\}\W*$", body), "a variable at the beginning or the end is refused"
    assert not re.search(r"\}\}\s*\{\{", body), "two variables side by side are refused"
    bare = re.sub(r"\{\{.*?\}\}", "", body)
    assert len(re.findall(r"\w+", bare)) > 2 * len(variables), "too many variables for its length are refused"
    assert len(template.buttons.get(language, "")) <= 20
    assert ("ا" in body) == (language == "ary")


@pytest.mark.parametrize("reason", REASONS)
def test_what_is_sent_is_what_was_approved_in_whatever_language(reason: str) -> None:
    template, there = templates.template_of(reason), approved()
    assert template is not None
    for language, code in (("fr", "fr"), ("ary", "ar"), ("ar", "ar"), (None, "fr")):
        for values in (template.examples, dict.fromkeys(template.examples, "Deux\nlignes\t et      plus " * 9), {}):
            told = templates.told(reason, 7, values, "@menu")
            name, sent = templates.filled({"language": language, "told": told}) or ("", {})
            assert (name, sent["template"]["language"]["code"]) == (template.name, code)
            check_template(sent["template"], there)


def test_a_notice_without_a_reason_of_the_register_has_no_template() -> None:
    assert templates.filled({"text": "?"}) is None
    assert templates.filled({"language": "fr", "told": templates.told("test.new", 7, {}, "@menu")}) is None


async def test_what_meta_says_of_each_is_shown_and_one_that_is_looked_at_keeps_no_other_back() -> None:
    async with GraphApi() as api:
        graph = Graph(api.base, api.token)
        assert {each.state for each in await account.check(graph, api.business)} == {account.MISSING}
        assert len(await account.push(graph, api.business)) == len(EACH)
        assert {each.state for each in await account.check(graph, api.business)} == {"pending"}
        waits, mended, rejected, dearer, *_others = api.templates.values()
        waits["components"] = mended["components"] = [{"type": "BODY", "text": "another"}]
        mended["status"] = "APPROVED"
        rejected.update(status="REJECTED", rejected_reason="INVALID_FORMAT")
        dearer.update(status="APPROVED", category="MARKETING")
        states = [(each.state, each.note) for each in await account.check(graph, api.business)][:4]
        assert states[:2] == [(account.DIFFERS, "")] * 2
        assert states[2:] == [("rejected", "invalid_format"), ("approved", "counts as marketing")]
        refused, handed_in = await account.push(graph, api.business)
        assert (refused.note[:3], handed_in.note) == ("100", "")
        assert mended["components"] == templates.handed_in(handed_in.template, handed_in.language)["components"]
        await graph.close()
