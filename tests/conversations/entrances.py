"""The first contact, and words that mean the same everywhere."""

WORDS = {
    "fr": ("aide", "bla bla", "/nothing", "langue", "voter"),
    "ary": ("مساعدة", "شي حاجة", "/nothing", "لغة", "نصوت"),
}


async def first_contact(city, ada):
    await ada.arrives("p_1")


async def words_everywhere(city, ada):
    await ada.arrives()
    for word in WORDS[ada.language]:
        await ada.says(word)


CONVERSATIONS = [first_contact, words_everywhere]
