"""A declaration of support, from the list to its receipt."""

from storage.petitions import Support

SAY = {
    "fr": {
        "petition": "Des arbres",
        "support": "Soutenir",
        "agree": "accepte",
        "place": "Ourbiaa",
        "fix": "nom",
        "confirm": "Confirmer",
    },
    "ary": {
        "petition": "عريضة الأشجار",
        "support": "ندعم",
        "agree": "موافق",
        "place": "أوربيع",
        "fix": "السمية",
        "confirm": "نأكد",
    },
    "ar": {
        "petition": "عريضة الأشجار",
        "support": "أدعم",
        "agree": "أوافق",
        "place": "أوربيع",
        "fix": "الاسم",
        "confirm": "تأكيد",
    },
}


async def petition(city, ada):
    say = SAY[ada.language]
    await ada.arrives()
    await ada.says("/petitions")
    await ada.taps(say["petition"])
    await ada.taps(say["support"])
    await ada.taps(say["agree"])
    await ada.says("Ada Lahlou")
    await ada.says("؟؟")
    await ada.says("i 12-34 ٥٦")
    await ada.taps(say["place"])
    await ada.taps(say["fix"])
    await ada.says("Ada Idrissi")
    await ada.taps(say["confirm"])
    await ada.says("/petitions")
    await ada.taps(say["petition"])
    await ada.says("/receipt")
    [support] = await city.all(Support)
    await ada.says(support.receipt.lower())


CONVERSATIONS = [petition]
