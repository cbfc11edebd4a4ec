"""The page in a real Chromium, from the first greeting to the receipt."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from browser import CHROMIUM, DESKTOP, PHONE, Reader, connected
from conftest import City
from playwright.async_api import expect
from web_server import Server, invited

from storage.ballots import Ballot
from storage.petitions import Support

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine: apt-get install chromium"),
]
Come = Callable[..., Awaitable[Reader]]
RTL = re.compile("^(ary|ar)$")


@pytest.fixture
def kind() -> str:
    """One is enough: the page does not know which database there is."""
    return "sqlite"


@pytest.fixture
async def server(city: City) -> AsyncIterator[Server]:
    server = Server(city)
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def come(chromium: str) -> AsyncIterator[Come]:
    """Readers with a browser profile of their own; nothing may complain in its console, if not expected."""
    readers: list[Reader] = []
    async with connected(chromium) as browser:

        async def reader(language: str = "fr-FR", **settings: object) -> Reader:
            readers.append(await Reader.come(browser, language, **settings))
            return readers[-1]

        yield reader
        assert [reader_.complaints for reader_ in readers] == [[] for _ in readers]


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_petition_in_french(city, server, come, screen):
    await city.petition("Des arbres")
    name = f"petition-fr-{screen['width']}"
    ada = await come("fr-FR", viewport=screen)
    await ada.opens(server.url)
    html = ada.page.locator("html")
    await expect(html).to_have_attribute("dir", "ltr")
    await ada.sees("Choisissez votre langue", "ختارو اللغة")
    await ada.picture(f"{name}-1-welcome")
    await ada.taps("Français")
    await ada.sees("participation@exemple.invalid")
    await ada.picture(f"{name}-2-notice")
    await ada.taps("J'ai compris")
    await ada.sees("Choisissez dans le menu")
    await ada.picture(f"{name}-3-menu")
    await ada.taps("Pétitions", "Des arbres")
    await ada.sees("Cent arbres", "pas une signature légale")
    await ada.picture(f"{name}-4-card")
    await ada.taps("Soutenir")
    await ada.sees("Loi 09-08")
    await ada.taps("J'accepte")
    await ada.sees("nom complet")
    await ada.says("Ada <b>Lahlou</b>")
    await ada.sees("numéro de CIN")
    await ada.says("I123456")
    await ada.taps("Ourbiaa")
    await ada.sees("Ada <b>Lahlou</b>", "I••••56")
    await ada.picture(f"{name}-5-review")
    await ada.taps("Confirmer")
    await ada.sees("est enregistrée, merci")
    [support] = await city.all(Support)
    await expect(ada.newest.locator("code")).to_have_text(support.receipt)
    await expect(html).to_have_attribute("lang", "fr")
    await expect(html).to_have_attribute("dir", "ltr")
    await ada.is_settled()
    await ada.picture(f"{name}-6-receipt")
    # On the screen while it is open, nowhere else: not after reloading, not in what the browser keeps.
    assert "I123456" not in await ada.stored()
    await ada.page.reload()
    await ada.sees("est enregistrée, merci")
    await expect(ada.own.get_by_text("I123456")).to_have_count(0)
    await expect(ada.own.get_by_text("••••")).to_have_count(1)


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_petition_in_darija(city, server, come, screen):
    await city.petition("Des arbres")
    name = f"petition-ary-{screen['width']}"
    ada = await come("ar-MA", viewport=screen)
    await ada.opens(server.url)
    html = ada.page.locator("html")
    await expect(html).to_have_attribute("dir", "rtl")
    await ada.sees("ختارو اللغة")
    await ada.picture(f"{name}-1-welcome")
    await ada.taps("الدارجة", "فهمت")
    await ada.sees("القائمة")
    await ada.picture(f"{name}-3-menu")
    await ada.taps("العرائض", "Des arbres")
    await ada.sees("مئة شجرة")
    await ada.picture(f"{name}-4-card")
    await ada.taps("ندعم هاد العريضة", "موافقة")
    await ada.sees("السمية الكاملة")
    await ada.says("عادلة الأحلو")
    await ada.sees("I123456")
    await ada.says("I١٢٣٤٥٦")
    await ada.taps("أوربيع")
    await ada.sees("I••••56", "عادلة الأحلو")
    await ada.picture(f"{name}-5-review")
    await ada.taps("نأكد")
    await expect(ada.newest.locator("code")).to_have_count(1)
    [support] = await city.all(Support)
    await expect(ada.newest.locator("code")).to_have_text(support.receipt)
    await expect(html).to_have_attribute("lang", RTL)
    await expect(html).to_have_attribute("dir", "rtl")
    await expect(ada.newest).to_have_attribute("dir", "rtl")
    await ada.is_settled()
    await ada.picture(f"{name}-6-receipt")


async def test_approval_ticks_are_changed_in_place(city, server, come):
    await city.vote("approval", costs=(60_000, 30_000, 50_000), envelope=100_000, most=2)
    ada = await come()
    await ada.arrives(server.url)
    await ada.taps("Budget participatif", "Voter maintenant")
    await ada.sees("Choix : 0 sur 2")
    count = await ada.page.locator(".message").count()
    await ada.taps("Parc")
    await ada.sees("Choix : 1 sur 2")
    await expect(ada.button("Parc")).to_have_attribute("aria-pressed", "true")
    await expect(ada.button("Parc")).to_contain_text("☑")
    await expect(ada.button("Banc")).to_have_attribute("aria-pressed", "false")
    await expect(ada.button("Parc")).to_be_focused()
    await ada.taps("Banc")
    await ada.sees("Choix : 2 sur 2")
    await ada.picture("approval-ticks")
    await ada.taps("Parc")
    await ada.sees("Choix : 1 sur 2")
    assert await ada.page.locator(".message").count() == count
    await ada.page.reload()  # the ticks are where they were
    await ada.sees("Choix : 1 sur 2")
    await expect(ada.button("Banc")).to_have_attribute("aria-pressed", "true")
    await ada.taps("Terminer")
    await ada.sees("Votre vote")
    await ada.taps("Confirmer mon vote")
    await ada.sees("Votre vote est enregistré")
    await ada.picture("approval-receipt")
    assert len(await city.all(Ballot)) == 1


async def test_knapsack_shows_what_is_left(city, server, come):
    await city.vote("knapsack", costs=(60_000, 30_000, 50_000), envelope=100_000, most=5)
    ada = await come("ar-MA")
    await ada.arrives(server.url, "الدارجة", "فهمت")
    await ada.taps("التصويت", "نصوت دابا")
    await ada.sees("100.000")
    await ada.taps("جردة")
    await ada.sees("40.000")
    await ada.taps("كرسي")
    await ada.sees("10.000")
    await ada.picture("knapsack-ary")
    await ada.taps("ممر")  # costs too much: said, and nothing ticked
    await ada.sees("حيدو مشروع آخر قبل")
    await expect(ada.button("ممر")).to_have_attribute("aria-pressed", "false")
    await ada.taps("جردة")
    await ada.taps("ممر")
    await ada.sees("20.000")


async def test_a_coordinator_sees_the_chart(city, server, come):
    petition = await city.petition("Des arbres", threshold=200, signed_elsewhere=120)
    for number in range(12):
        neighbour = city.citizen("fr")
        await neighbour.arrives()
        await neighbour.supports("Des arbres", cin=f"I{123400 + number}")
    zineb = await come()
    await zineb.arrives(server.url)
    await zineb.says(f"/staff {await invited(city)}")
    await zineb.sees("Bienvenue")
    await zineb.says("/tally")
    await zineb.taps(petition.title["fr"])
    image = zineb.page.locator(".picture img")
    await expect(image).to_have_js_property("complete", True)
    await expect(image).to_have_js_property("naturalWidth", 1080)
    assert await image.get_attribute("alt")
    await zineb.picture("tally-fr")
    await image.scroll_into_view_if_needed()
    await zineb.picture("tally-fr-chart")


async def test_reloading_in_the_middle_keeps_all(city, server, come):
    await city.petition("Des arbres")
    ada = await come()
    await ada.arrives(server.url)
    await ada.taps("Pétitions", "Des arbres", "Soutenir", "J'accepte")
    await ada.sees("nom complet")
    await ada.says("Ada Lahlou")
    await ada.sees("numéro de CIN")
    await ada.is_settled()
    before = await ada.page.locator(".message .text").all_inner_texts()
    await ada.page.reload()
    await ada.sees("numéro de CIN")
    assert await ada.page.locator(".message .text").all_inner_texts() == before
    await ada.says("I123456")
    await ada.sees("Dans quel quartier")
    # Another tab has no memory of one's own words, but all that was answered.
    other = Reader(await ada.page.context.new_page())
    await other.opens(server.url)
    await other.sees("Dans quel quartier")
    await other.taps("Ourbiaa")
    await ada.sees("Vérifiez avant de confirmer")  # and the first tab follows
    assert other.complaints == []


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_what_is_typed_while_the_server_is_away_arrives_once_and_in_order(city, server, come, kind):
    await city.petition("Des arbres")
    ada = await come()
    await ada.arrives(server.url)
    await ada.taps("Pétitions", "Des arbres", "Soutenir", "J'accepte")
    await ada.sees("nom complet")
    await ada.is_settled()
    ada.expected = "ERR_"
    await server.stop()
    await ada.says("Ada Lahlou")
    await ada.says("I123456")
    await ada.says("Ourbiaa")
    await expect(ada.page.locator("#banner")).to_contain_text("Pas de connexion")
    await expect(ada.page.locator('.message.own[data-state="sent"]')).not_to_have_count(0)
    await expect(ada.page.locator('.message.own[data-state="waiting"]')).not_to_have_count(0)
    await ada.picture("offline")
    await city.restarts()
    await server.start()
    await ada.sees("Vérifiez avant de confirmer", "Ada Lahlou", "I••••56", "Ourbiaa")
    await expect(ada.page.locator("#banner")).to_be_empty()
    await ada.is_settled()
    assert (await ada.own.all_inner_texts())[-3:] == ["Ada Lahlou", "I123456", "Ourbiaa"]
    assert "I123456" not in await ada.stored()
    await ada.taps("Confirmer")
    await ada.sees("est enregistrée, merci")
    assert len(await city.all(Support)) == 1


async def test_words_written_before_a_reload_without_server_are_sent_after_it(city, server, come):
    ada = await come()
    await ada.arrives(server.url)
    await ada.is_settled()
    ada.expected = "ERR_"
    await ada.page.route("**/chat", lambda route: route.abort())
    await ada.says("aide")
    await expect(ada.page.locator('.message.own[data-state="waiting"]')).to_have_count(1)
    await ada.page.unroute("**/chat")
    await ada.page.reload()
    await ada.sees("/petitions")
    await expect(ada.own.filter(has_text="aide")).to_have_count(1)


async def test_with_the_keyboard_alone(city, server, come):
    await city.petition("Des arbres")
    ada = await come(viewport=DESKTOP)
    await ada.opens(server.url)
    await ada.sees("Choisissez votre langue")
    keys = ada.page.keyboard
    focused = ada.page.locator(":focus")
    await keys.press("Tab")
    await expect(focused).to_have_class("skip")
    await ada.picture("keyboard-skip")
    await keys.press("Enter")
    await expect(focused).to_have_id("write")
    await keys.press("Shift+Tab")  # the last button of the question
    await expect(focused).to_contain_text("العربية")
    await keys.press("Shift+Tab")
    await expect(focused).to_contain_text("الدارجة")
    await keys.press("Shift+Tab")
    await expect(focused).to_contain_text("Français")
    await ada.picture("keyboard-focus")
    await keys.press("Enter")
    await ada.sees("Pouvons-nous commencer")
    await ada.page.locator("#write").focus()
    await keys.type("J'ai compris")
    await keys.press("Enter")
    await ada.sees("Choisissez dans le menu")
    await keys.type("Pétitions")
    await keys.press("Shift+Enter")  # another line, not sent
    await expect(ada.page.locator("#write")).to_have_value("Pétitions\n")
    await keys.press("Enter")
    await ada.sees("Quelle pétition")
    for _button in ("Menu", "Celles déjà closes", "Lancer une pétition", "Des arbres"):
        await keys.press("Shift+Tab")
    await expect(focused).to_contain_text("Des arbres")
    await keys.press("Space")
    await ada.sees("Cent arbres")


async def test_a_deep_link_is_followed_once(city, server, come):
    petition = await city.petition("Des arbres")
    ada = await come()
    await ada.opens(f"{server.url}/?start=p_{petition.id}")
    await ada.taps("Français", "J'ai compris")
    await ada.sees("Cent arbres")
    assert "start=" not in ada.page.url
    await ada.page.reload()
    await ada.sees("Cent arbres")
    await expect(ada.page.get_by_text("Cent arbres")).to_have_count(1)


async def test_long_words_and_long_texts_fit_on_a_phone(city, server, come):
    ada = await come()
    await ada.arrives(server.url)
    await ada.says("x" * 300 + " " + "م" * 300)
    await ada.is_settled()
    await ada.sees("Choisissez dans le menu")
    await ada.page.locator("#write").fill("y" * 5000)
    await expect(ada.page.locator("#limit")).to_contain_text("Trop long")
    await ada.picture("long-words")
    await ada.page.locator("#send").click()
    await ada.is_settled()


async def test_a_flood_goes_on_by_itself(city, server, come, monkeypatch):
    monkeypatch.setattr("bot.channels.web._BURST", 6)
    monkeypatch.setattr("bot.channels.web._BURST_IN", 4.0)
    await server.stop()
    await server.start()
    ada = await come()
    await ada.arrives(server.url)
    ada.expected = "429"
    for number in range(12):
        await ada.says(f"numéro {number}")
    await expect(ada.page.locator("#banner")).to_contain_text("Beaucoup de messages")
    await ada.picture("slow-down")
    await expect(ada.page.locator("#banner")).to_be_empty()
    await ada.is_settled()
    assert (await ada.own.all_inner_texts())[-12:] == [f"numéro {number}" for number in range(12)]


async def test_in_the_dark_and_in_large_print(city, server, come):
    await city.petition("Des arbres")
    ada = await come("ar-MA", color_scheme="dark")
    await ada.arrives(server.url, "الدارجة", "فهمت")
    await ada.taps("العرائض", "Des arbres")
    await ada.sees("مئة شجرة")
    await ada.is_settled()
    await ada.picture("dark-ary")
    await ada.page.set_viewport_size({"width": 180, "height": 370})  # as zoomed to 200 %
    await ada.picture("zoomed-ary")
