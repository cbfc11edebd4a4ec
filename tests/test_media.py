"""Photos, voice notes, documents: taken where they are asked for, known by their bytes, shown to whom they are for."""

import io
import json
import struct
import zipfile
from datetime import timedelta

import filetype
import pytest
from bot_api_phone import PICTURE
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from telegram_line import api_without_complaints, arrives, line
from web_server import Server, Visitor, invited, new_id

from bot import recordings
from bot.media import kind_of, name_of
from bot.photos import Unreadable, bare
from storage import media
from storage.media import Media
from storage.threads import Message

ALL = ("photo", "voice", "document")
VOICE = b"OggS\x00\x02" + bytes(22) + b"\x01\x13OpusHead" + bytes(200)
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n"
PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + bytes(50)


def office(*names):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in ("[Content_Types].xml", "_rels/.rels", "docProps/app.xml", *names):
            archive.writestr(name, "x")
    return file.getvalue()


@pytest.fixture
def kind():
    """One is enough: what is kept is sealed bytes."""
    return "sqlite"


# By the bytes


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PICTURE, "photo"),
        (PNG, "photo"),
        (VOICE, "voice"),
        (PDF, "document"),
        (office("word/document.xml"), "document"),
    ],
)
def test_what_is_sent_is_known_by_its_bytes(content, kind):
    assert kind_of(content, ALL)[0] == kind
    assert kind_of(content, ()) == ("", "")
    assert name_of(content, kind).partition(".")[2] in ("jpg", "png", "ogg", "pdf", "docx")


@pytest.mark.parametrize(
    "content",
    [
        b"MZ" + bytes(300),
        b"\x7fELF" + bytes(300),
        b"#!/bin/sh\nrm -rf /\n",
        b"<!doctype html><script>alert(1)</script>",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),  # the old Office, with its macros
        office("word/document.xml", "word/vbaProject.bin"),
        office("run.js"),
        b"GIF89a" + bytes(50),
        b"hello",
        b"",
    ],
    ids=["exe", "elf", "script", "html", "svg", "xml svg", "doc", "macros", "zip", "gif", "text", "nothing"],
)
def test_what_could_run_or_cannot_be_known_is_refused(content):
    assert kind_of(content, ALL) == ("", "")


def test_a_photo_of_a_paper_is_a_document_where_no_photo_is_asked():
    assert kind_of(PICTURE, ("document",)) == ("document", "image/jpeg")


# What photos tell


def at_home(mark="maison"):
    """A photo that is held sideways, and tells where, when and with what it was taken, in every way there is."""
    photo, made = Image.new("RGB", (40, 20), "white"), io.BytesIO()
    photo.paste("black", (0, 0, 20, 20))
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x0132] = 6, f"Camera {mark}", "2026:11:25 08:00:00"
    exif.get_ifd(0x8825).update({1: "N", 2: (32.0, 20.0, 22.0), 3: "W", 4: (6.0, 21.0, 9.0), 29: "2026:11:25"})
    xmp = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{mark}</x:xmpmeta>".encode()
    photo.save(made, "JPEG", exif=exif, xmp=xmp, comment=mark.encode(), quality=95)
    return made.getvalue() + f"\nhidden {mark}".encode()


async def kept(city):
    async with city.database.reading() as db:
        return [(await media.content(db, row.id))[1] for row in await city.all(Media)]


async def test_where_a_photo_was_taken_is_not_kept_and_it_stands_upright(city, server, ada):
    sent = at_home()
    told = Image.open(io.BytesIO(sent))
    assert told.getexif().get_ifd(0x8825)[2] == (32.0, 20.0, 22.0)  # it does tell
    assert told.size == (40, 20)
    await ada.says("/human")
    assert await sends(ada, sent[: len(sent) // 2]) == (415, {"error": "wrong_type"})
    assert (await sends(ada, sent))[0] == 200
    [content] = await kept(city)
    assert b"maison" in sent
    assert not any(word in content for word in (b"maison", b"Exif", b"2026", b"xmp"))
    shown = Image.open(io.BytesIO(content))
    assert (shown.format, shown.size, dict(shown.getexif())) == ("JPEG", (20, 40), {})
    assert shown.convert("L").getpixel((10, 5)) < 50 < 200 < shown.convert("L").getpixel((10, 35))


async def test_whatever_kind_of_photo_it_is_only_its_pixels_are_kept():
    info, exif = PngInfo(), Image.Exif()
    info.add_text("Comment", "maison")
    exif[0x010F] = "maison"
    for format, more in (("PNG", {"pnginfo": info}), ("WEBP", {}), ("MPO", {"save_all": True})):
        made = io.BytesIO()
        Image.new("RGB", (30, 20), "red").save(made, format, exif=exif, **more)
        kind, type = kind_of(made.getvalue(), ("document",))
        assert (kind, b"maison" in made.getvalue()) == ("document", True)
        content = await bare(made.getvalue(), type)
        assert b"maison" not in content
        assert Image.open(io.BytesIO(content)).size == (30, 20)
        assert kind_of(content, ("photo",)) == ("photo", type)


def box(name: bytes, *inside: bytes) -> bytes:
    content = b"".join(inside)
    return struct.pack(">I", 8 + len(content)) + name + content


def test_a_voice_note_says_nothing_beside_its_sound_and_every_place_stays():
    made = struct.pack(">BxxxII", 0, 3_870_000_000, 3_870_000_001)
    track = box(b"trak", box(b"tkhd", made, b"keeps"), box(b"mdia", box(b"mdhd", made), box(b"minf", b"stco")))
    tags = box(b"udta", box(b"meta", b"Rue des Oliviers, iPhone"))
    sent = box(b"ftyp", b"M4A ") + box(b"moov", box(b"mvhd", made), track, tags) + box(b"mdat", b"sound udta")
    kept = recordings.bare(sent, "audio/mp4")
    assert len(kept) == len(sent)
    assert kind_of(kept, ALL) == kind_of(sent, ALL) == ("voice", "audio/mp4")
    assert made[4:] not in kept
    assert b"Oliviers" not in kept
    for stays in (b"keeps", box(b"minf", b"stco"), box(b"mdat", b"sound udta"), b"free"):
        assert stays in kept
    assert recordings.bare(kept, "audio/mp4") == kept
    tagged = b"ID3\x03\x00\x00\x00\x00\x00\x10" + b"TIT2 Rue Olivier" + b"\xff\xfbsound" + b"TAG" + b"x" * 125
    assert recordings.bare(tagged, "audio/mpeg") == tagged[:10] + bytes(16) + b"\xff\xfbsound" + bytes(128)
    assert recordings.bare(VOICE, "audio/ogg") == VOICE


@given(st.binary(max_size=200), st.sampled_from(["audio/mp4", "audio/mpeg"]))
def test_whatever_is_called_a_voice_note_is_as_long_as_it_was(content, type):
    sent = box(b"moov", box(b"moov", content), content) + content
    assert len(recordings.bare(sent, type)) == len(sent)


async def test_a_photo_that_would_fill_the_memory_or_is_none_is_refused():
    def made(width, height, format):
        file = io.BytesIO()
        Image.new("1" if format == "PNG" else "L", (width, height)).save(file, format)
        return file.getvalue()

    layers = PICTURE[:-2] + PICTURE[PICTURE.index(b"\xff\xda") :] * 100
    for content, type in (
        (made(8000, 4000, "PNG"), "image/png"),
        (made(8200, 8200, "JPEG"), "image/jpeg"),
        (layers, "image/jpeg"),
        (PNG, "image/png"),
        (PICTURE, "image/png"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 " + bytes(40), "image/webp"),
    ):
        with pytest.raises(Unreadable):
            await bare(content, type)
    large = await bare(made(8000, 6000, "JPEG"), "image/jpeg")
    assert Image.open(io.BytesIO(large)).size == (4000, 3000)


# Telegram


async def test_a_photo_and_a_voice_note_reach_the_service_and_are_shown_to_it(city):
    async with api_without_complaints() as api, line(city, api, "polling"):
        ada, omar = api.phone(), api.phone()
        for phone, sent, caption in ((ada, PICTURE, "Le lampadaire"), (omar, VOICE, "")):
            await arrives(phone)
            await phone.says("/human")
            await phone.sees("un vocal, une photo")
            await (phone.sends_photo(caption, sent) if caption else phone.sends_voice(content=sent))
            await phone.sees("Votre message", "Envoyer")
            await phone.taps("Envoyer")
            await phone.sees("arrivé au service")
        rows = await city.all(Media)
        assert [(row.kind, row.type, row.used) for row in rows] == [
            ("photo", "image/jpeg", "message"),
            ("voice", "audio/ogg", "message"),
        ]
        assert PICTURE not in await city.everything()  # sealed
        zineb = api.phone()
        await arrives(zineb)
        await zineb.says(f"/staff {await invited(city)}")
        await zineb.sees("Zineb")
        for number, sent in ((1, PICTURE), (2, VOICE)):
            await zineb.says("/messages")
            await zineb.sees("BM-")
            await zineb.says(str(number))
            await zineb.sees("Écrivez la réponse")
            assert sent in [each for seen in zineb.news for each in (seen.photo, seen.voice)]
            await zineb.says("annuler")
            await zineb.sees("rien n'a été enregistré")


async def code(city):
    from web_server import invited

    return await invited(city)


async def test_only_what_is_asked_for_is_fetched_and_what_is_wrong_is_said(city):
    async with api_without_complaints() as api, line(city, api, "polling"):
        ada = api.phone()
        await arrives(ada)
        await ada.sends_photo()
        await ada.sees("pas bien compris")
        assert not [call for call in api.calls if call.method == "getFile"]
        await ada.says("/human")
        await ada.sees("un vocal, une photo")
        await ada.sends_document(b"MZ" + bytes(300), "photo.jpg")
        await ada.sees("Nous ne pouvons pas ouvrir ce type de fichier")
        await ada.sends_photo(content=PICTURE + bytes(6 * 1024 * 1024))
        await ada.sees("trop lourd")
        await ada.sends_raw({"photo": [{"file_id": "gone", "file_unique_id": "x", "width": 1, "height": 1}]})
        await ada.sees("Nous n'avons pas reçu le fichier")
        api.complaints.clear()  # the stub complains of the file that it does not have
        await ada.sends_document(PDF)
        await ada.sees("un document", "Envoyer")
        [sent] = await city.all(Media)
        assert (sent.kind, sent.type) == ("document", "application/pdf")


async def test_of_an_album_the_first_is_taken_and_the_person_is_told(city):
    async with api_without_complaints() as api, line(city, api, "polling"):
        ada = api.phone()
        await arrives(ada)
        await ada.says("/human")
        await ada.sees("une photo")
        for number in range(3):
            photo = {**api.stored(PICTURE + bytes([number])), "width": 10, "height": 10}
            await ada.sends_raw({"photo": [photo], "media_group_id": "99"})
        assert await api.until(lambda: any("nous prenons le premier" in seen.text for seen in ada.screen), 10)
        await ada.taps("Envoyer")
        await ada.sees("arrivé au service")
        assert len(await city.all(Media)) == 1
        assert len(await city.all(Message)) == 1


async def test_documents_are_handed_out_on_telegram(city):
    async with api_without_complaints() as api, line(city, api, "polling"):
        ada = api.phone()
        await arrives(ada)
        for form in ("PDF", "logiciel"):
            await ada.says("/mydata")
            await ada.sees("Sous quelle forme")
            await ada.taps(form)
            await ada.sees("Le voici")
            [file] = [seen.document for seen in ada.news if seen.document]
            assert file.startswith(b"%PDF") if form == "PDF" else json.loads(file)


# The web chat


@pytest.fixture
async def server(city):
    server = Server(city)
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def ada(server):
    ada = Visitor(server)
    await ada.arrives()
    yield ada
    await ada.http.close()


@pytest.fixture
async def hind(server):
    hind = Visitor(server)
    yield hind
    await hind.http.close()


async def sends(visitor, content, type="application/octet-stream", id=None):
    url = f"{visitor.server.url}/chat/file?id={id or new_id()}"
    async with visitor.http.post(url, data=io.BytesIO(content), headers={"Content-Type": type}) as answer:
        return answer.status, await answer.json()


async def test_a_file_is_taken_in_the_web_chat_where_one_is_asked_for(city, server, ada):
    assert await sends(ada, PICTURE) == (409, {"error": "not_wanted"})
    await ada.says("/human")
    assert ada.screen[-1]["takes"] == ["voice", "photo", "document"]
    assert (await sends(ada, PICTURE, "text/plain"))[0] == 400
    assert (await sends(ada, PICTURE, "multipart/form-data"))[0] == 400
    assert await sends(ada, b"MZ" + bytes(90)) == (415, {"error": "wrong_type"})
    assert await sends(ada, PICTURE + bytes(11 * 1024 * 1024)) == (413, {"error": "too_large"})
    assert await sends(ada, PICTURE + bytes(6 * 1024 * 1024)) == (413, {"error": "too_large"})
    nobody = Visitor(server)
    assert (await sends(nobody, PICTURE))[0] == 400
    await nobody.http.close()
    id = new_id()
    for _again in range(2):
        assert (await sends(ada, PICTURE, id=id))[0] in (200, 409)
    await ada.looks()
    assert "une photo" in ada.shown
    await ada.taps("Envoyer")
    assert "arrivé au service" in ada.shown
    [used] = [row for row in await city.all(Media) if row.used]
    assert used.keep_until > city.now + timedelta(days=300)


async def test_files_are_handed_out_to_whom_they_were_sent_and_run_nowhere(city, server, ada, hind):
    await ada.says("/human")
    await sends(ada, PICTURE)
    await ada.looks()
    await ada.taps("Envoyer")
    await hind.arrives()
    await hind.becomes_coordinator()
    await hind.says("/messages")
    await hind.taps("BM-")
    [photo] = [message["picture"] for message in hind.screen if "picture" in message]
    async with hind.http.get(server.url + photo) as answer:
        assert (answer.status, answer.content_type, await answer.read()) == (200, "image/jpeg", PICTURE)
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    async with ada.http.get(server.url + photo) as answer:
        assert answer.status == 404
    await ada.says("/mydata")
    await ada.taps("PDF")
    [file] = [message["file"] for message in ada.screen if "file" in message]
    async with ada.http.get(server.url + file) as answer:
        assert answer.content_type == "application/pdf"
        assert answer.headers["Content-Disposition"].startswith('attachment; filename="sawt-BM.pdf"')
        assert (await answer.read()).startswith(b"%PDF")
    async with hind.http.get(server.url + file) as answer:
        assert answer.status == 404
    async with city.database.writing() as db:
        await media.erase(db, (await city.all(Media))[0].citizen_id, city.now)
    async with hind.http.get(server.url + photo) as answer:
        assert answer.status == 410


async def test_what_was_never_handed_in_is_forgotten_after_a_day(city, server, ada):
    await ada.says("/human")
    await sends(ada, PICTURE)
    for hours, left in ((23, 1), (25, 0)):
        async with city.database.writing() as db:
            await media.forget(db, city.now + timedelta(hours=hours))
        assert len(await city.all(Media)) == left
    await ada.looks()
    await ada.taps("Envoyer")
    assert "arrivé au service" in ada.shown or "fichier" in ada.shown


def test_the_samples_are_what_they_say():
    assert filetype.guess_mime(PDF) == "application/pdf"
