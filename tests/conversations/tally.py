"""The figures, as a coordinator asks for them."""

SAY = {
    "fr": {
        "petition": "Des arbres",
        "support": "Soutenir",
        "agree": "accepte",
        "place": "Ourbiaa",
        "confirm": "Confirmer",
    },
    "ary": {
        "petition": "عريضة الأشجار",
        "support": "ندعم",
        "agree": "موافق",
        "place": "أوربيع",
        "confirm": "نأكد",
    },
}


async def tally(city, ada):
    say = SAY[ada.language]
    await ada.arrives()
    await ada.says("/petitions")
    await ada.taps(say["petition"])
    await ada.taps(say["support"])
    await ada.taps(say["agree"])
    await ada.says("Ada Lahlou")
    await ada.says("I123456")
    await ada.taps(say["place"])
    await ada.taps(say["confirm"])
    coordinator = await city.coordinator(ada.language)
    coordinator.history = ada.history
    ada.history.clear()
    await coordinator.says("/tally")
    await coordinator.taps(say["petition"])


CONVERSATIONS = [tally]
