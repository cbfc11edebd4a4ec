"""Files in the page: sent with the paper clip where one is asked for, saved and looked at where one is shown."""

import pytest
from bot_api_phone import PICTURE
from browser import CHROMIUM, PHONE
from playwright.async_api import expect
from test_browser import come, kind, server  # noqa: F401  # fixtures
from web_server import invited

from storage.media import Media

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine: apt-get install chromium"),
]
PHOTO = {"name": "lampadaire.jpg", "mimeType": "image/jpeg", "buffer": PICTURE}


@pytest.mark.parametrize(
    ("language", "name", "way"),
    [("fr-FR", "Français", "un message vocal ou un document"), ("ar-MA", "الدارجة", "أوديو ولا وثيقة")],
    ids=["fr", "ary"],
)
async def test_a_photo_is_sent_with_the_keyboard_alone_and_seen_by_the_service(
    city,
    server,  # noqa: F811  # the fixtures
    come,  # noqa: F811
    language,
    name,
    way,
):
    ada = await come(language, viewport=PHONE)
    clip = ada.page.locator("#attach")
    await ada.opens(server.url)
    await ada.taps(name)
    await ada.taps("J'ai compris" if name == "Français" else "فهمت")
    await expect(ada.newest.get_by_role("button")).not_to_have_count(1)
    await expect(clip).to_be_hidden()
    await ada.says("/human")
    await expect(clip).to_be_visible()
    await expect(ada.page.get_by_label(way)).to_have_count(1)  # a screen reader says what it is for
    await ada.picture(f"media-{language}-1-asked")
    await ada.page.locator("#write").focus()
    await ada.page.keyboard.press("Tab")
    assert await ada.page.evaluate("document.activeElement.id") == "files"
    await ada.page.locator("#files").set_input_files({**PHOTO, "name": "run.exe", "buffer": b"MZ" + bytes(99)})
    await expect(ada.page.locator(".message.own").last).to_have_attribute("data-state", "refused")
    await ada.picture(f"media-{language}-2-refused")
    ada.expected = "415"
    await ada.page.locator("#files").set_input_files(PHOTO)
    await expect(clip).to_be_hidden()
    await ada.taps("Envoyer" if name == "Français" else "نصيفط")
    await ada.sees("BM-")
    await ada.picture(f"media-{language}-3-sent")
    assert [row.used for row in await city.all(Media)] == ["message"]

    hind = await come("fr-FR")
    await hind.arrives(server.url)
    await hind.says(f"/staff {await invited(city)}")
    await hind.says("/messages")
    await hind.taps("BM-")
    image = hind.page.locator(".picture img").last
    await expect(image).to_be_visible()
    assert await image.evaluate("(image) => image.complete && image.naturalWidth > 0")
    await hind.says("/mydata")
    await hind.taps("PDF")
    link = hind.page.locator(".download").last
    await expect(link).to_contain_text("sawt-BM.pdf")
    async with hind.page.expect_download() as saving:
        await link.click()
    assert (await saving.value).suggested_filename == "sawt-BM.pdf"
    await hind.picture(f"media-{language}-4-download")
