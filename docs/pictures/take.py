"""Takes the pictures of the README and of the staff's handbook: .venv/bin/python docs/pictures/take.py

A word after it takes only those whose name has it: `take.py staff`.
"""

import asyncio
import re
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from browser import PHONE, Reader, connected, started
from conftest import SECRET, City
from playwright.async_api import Browser, expect
from sqlalchemy import select
from web_server import Server, invited

from bot.commune_file import read
from storage import communes, loading
from storage.database import connect
from storage.migrations.upgrading import upgrade
from storage.petitions import Petition

NAMES = ("Ada Lahlou", "Hind Amrani", "Karim Bennis", "Salma Idrissi", "Omar Tazi", "Nora Alaoui")


async def main() -> None:
    """All of them, or those that were asked for."""
    with tempfile.TemporaryDirectory() as folder:
        city = await demo(f"sqlite+aiosqlite:///{folder}/demo.db")
        server = Server(city)
        await server.start()
        with started() as address:
            async with connected(address) as browser:
                for take in (french, darija, tally, staff_fr, staff_ary):
                    if not sys.argv[1:] or sys.argv[1] in take.__name__:
                        await take(browser, server)
        await server.stop()
        await city.database.close()


async def demo(url: str) -> City:
    """The demonstration commune, with some support declared on the days before."""
    database = connect(url)
    await upgrade(database)
    await database.unlock(SECRET)
    city, now = City(database), datetime.now(UTC).replace(hour=11, minute=0)
    async with database.writing() as db:
        await loading.load(db, read(ROOT / "demo" / "beni-mellal.yaml", now).contents, now)
    async with database.reading() as db:
        city.home = await communes.home(db, None)
        lighting = await db.scalar(select(Petition).where(Petition.slug == "pet-lighting"))
    # Some weeks later, when some have signed.
    async with city.change(lighting) as row:
        row.signed_elsewhere, row.declared_elsewhere = 86, 214
    for number in range(31):
        city.now = now - timedelta(days=3 - number % 4)
        person = city.citizen("fr")
        await person.arrives()
        await person.supports("Éclairage", NAMES[number % len(NAMES)], f"I{324100 + number}")
    city.now = now
    return city


async def person(browser: Browser, language: str) -> Reader:
    """Somebody with a phone whose screen is sharp."""
    return await Reader.come(browser, language, viewport=PHONE, device_scale_factor=2, is_mobile=True, has_touch=True)


async def french(browser: Browser, server: Server) -> None:
    """A petition, as far as the question whether all is right."""
    ada = await person(browser, "fr-FR")
    await ada.arrives(server.url)
    await ada.taps("Pétitions", "Éclairage", "Soutenir", "J'accepte")
    await ada.sees("nom complet")
    await ada.says("Ada Lahlou")
    await ada.sees("numéro de CIN")
    await ada.says("I123456")
    await ada.taps("Ourbiaa")
    await ada.sees("Vérifiez")
    await ada.is_settled()
    await ada.picture("web-fr", HERE)


async def darija(browser: Browser, server: Server) -> None:
    """A petition, as far as its receipt."""
    ada = await person(browser, "ar-MA")
    await ada.arrives(server.url, "الدارجة", "فهمت")
    await ada.taps("العرائض", "إنارة", "ندعم هاد العريضة", "موافقة")
    await ada.sees("السمية الكاملة")
    await ada.says("عادلة الأحلو")
    await ada.sees("I123456")
    await ada.says("I234567")
    await ada.taps("أوربيع", "نأكد")
    await expect(ada.newest.locator("code")).to_have_count(1)
    await ada.is_settled()
    await ada.picture("web-ary", HERE)


async def tally(browser: Browser, server: Server) -> None:
    """The chart, as a coordinator sees it."""
    zineb = await person(browser, "fr-FR")
    await zineb.arrives(server.url)
    await zineb.says(f"/staff {await invited(server.city)}")
    await zineb.sees("Bienvenue")
    await zineb.says("/tally Éclairer")
    await expect(zineb.page.locator(".picture img")).to_have_js_property("naturalWidth", 1080)
    await zineb.is_settled()
    await zineb.picture("tally", HERE)


STAFF = {
    "fr": {
        "locale": "fr-FR",
        "arrives": ("Français", "J'ai compris"),
        "words": "Bonjour, le lampadaire de ma rue ne marche plus depuis lundi.",
        "send": "Envoyer",
        "queue": "En attente",
        "message": "Message",
        "answer": "Bonjour, une équipe passera jeudi matin. Merci de nous l'avoir signalé.",
        "petition": "Éclairage",
        "one": "Une personne",
        "name": "Rachid El Mansouri",
        "enter": "Saisir ce papier",
        "vote": "Budget participatif",
        "acts": "Que faisons-nous",
        "workshop": "Atelier",
        "kind": "Formation",
        "done": "Terminer",
        "preview": "Annoncer",
    },
    "ary": {
        "locale": "ar-MA",
        "arrives": ("الدارجة", "فهمت"),
        "words": "السلام، الضو ديال الزنقة ديالنا ماخدامش من نهار الإثنين.",
        "send": "نصيفط",
        "queue": "كيتسنى",
        "message": "ميساج",
        "answer": "السلام، غادي تجي فرقة نهار الخميس فالصباح. شكرا ليكم.",
        "petition": "إنارة",
        "one": "شخص واحد",
        "name": "رشيد المنصوري",
        "enter": "نسجلو هاد الورقة",
        "vote": "الميزانية التشاركية",
        "acts": "شنو نديرو",
        "workshop": "ورشة",
        "kind": "تكوين",
        "done": "ساليت",
        "preview": "نعلنوها",
    },
}


async def staff_fr(browser: Browser, server: Server) -> None:
    """The handbook in French."""
    await _staff(browser, server, "fr")


async def staff_ary(browser: Browser, server: Server) -> None:
    """The handbook in Darija."""
    await _staff(browser, server, "ary")


async def _staff(browser: Browser, server: Server, language: str) -> None:
    """A message in the queue and its answer, paper, a vote in hand, a workshop before it is announced."""
    say = STAFF[language]
    citizen, clerk = await person(browser, say["locale"]), await person(browser, say["locale"])
    await citizen.arrives(server.url, *say["arrives"])
    await citizen.says("/human")
    await citizen.says(say["words"])
    await citizen.taps(say["send"])
    await clerk.arrives(server.url, *say["arrives"])
    await clerk.says(f"/staff {await invited(server.city)}")
    await clerk.sees("Zineb")
    await clerk.says("/queue")
    await clerk.sees(say["queue"])
    await _takes(clerk, f"staff-queue-{language}")
    await clerk.taps(say["message"])
    await clerk.says(say["answer"])
    await clerk.sees(say["answer"][:20])
    await _takes(clerk, f"staff-answer-{language}")
    await clerk.taps(say["send"])
    await clerk.says("/paper")
    await clerk.taps(say["petition"], say["one"])
    await clerk.says("IA76543")
    await clerk.says(say["name"])
    await clerk.sees(say["enter"])
    await _takes(clerk, f"staff-paper-{language}")
    await clerk.says("/budget")
    await clerk.newest.get_by_role("button").filter(has_text=re.compile(rf"^{say['vote']} \(")).click()
    await clerk.sees(say["acts"])
    await _takes(clerk, f"staff-budget-{language}")
    await clerk.says("/new")
    await clerk.taps(say["workshop"], say["kind"])
    day = f"{server.city.now + timedelta(days=9):%d/%m/%Y} 10:00"
    for words in ("Lire un budget", "نقراو الميزانية", day, "2", "Maison des jeunes", "دار الشباب", "25"):
        await clerk.says(words)
        await clerk.is_settled()
    await clerk.taps(say["done"])
    await clerk.sees(say["preview"])
    await _takes(clerk, f"staff-new-{language}")


async def _takes(reader: Reader, name: str) -> None:
    await reader.is_settled()
    await reader.picture(name, HERE)


asyncio.run(main())
