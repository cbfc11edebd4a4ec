"""The first contact, and words that mean the same everywhere."""

WORDS = {
    "fr": ("aide", "bla bla", "/nothing", "langue", "voter"),
    "ary": ("مساعدة", "شي حاجة", "/nothing", "لغة", "نصوت"),
}


UNSURE = {
    "fr": ("pétition ou atelier", "Pétitions", "menu", "Participer autrement", "Sondages"),
    "ary": ("عريضة ولا ورشة", "العرائض", "القائمة", "طرق أخرى للمشاركة", "الاستطلاعات"),
}


async def first_contact(city, ada):
    await ada.arrives("p_1")


async def words_everywhere(city, ada):
    await ada.arrives()
    for word in WORDS[ada.language]:
        await ada.says(word)


async def words_unsure(city, ada):
    """What may mean several things is asked back; what is not in the menu is one tap further."""
    await ada.arrives()
    for word in UNSURE[ada.language]:
        await ada.goes(word)


CONVERSATIONS = [first_contact, words_everywhere, words_unsure]
