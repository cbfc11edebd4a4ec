"""Me: what is known, who takes part, STOP and back, consents, one's data, erasure."""

SAY = {
    "fr": {
        "me": "moi",
        "petition": "Des arbres",
        "support": "Soutenir",
        "agree": "accepte",
        "skip": "Passer",
        "confirm": "Confirmer",
        "who": "Qui participe",
        "woman": "Une femme",
        "age": "25 à 34",
        "unsaid": "Je préfère me taire",
        "stop": "stop",
        "asks": "stop ?",
        "back": "infos",
        "topics": "Mes sujets",
        "workshops": "Ateliers",
        "consents": "Mes consentements",
        "petitions": "Pétitions soutenues",
        "keep": "Non",
        "data": "Mes données",
        "pdf": "PDF",
        "all": "Tout effacer",
        "quarter": "Mon quartier",
        "place": "Ourbiaa",
        "no_news": "Me désabonner",
    },
    "ary": {
        "me": "أنا",
        "petition": "عريضة الأشجار",
        "support": "ندعم",
        "agree": "موافق",
        "skip": "ندوز",
        "confirm": "نأكد",
        "who": "شكون كيشارك",
        "woman": "مرأة",
        "age": "من 25",
        "unsaid": "مابغيتش نقول",
        "stop": "حبس",
        "asks": "واش نحبس؟",
        "back": "الجديد",
        "topics": "شنو يوصلني",
        "workshops": "الورشات",
        "consents": "الموافقات ديالي",
        "petitions": "دعم العرائض",
        "keep": "لا",
        "data": "المعلومات ديالي",
        "pdf": "PDF",
        "all": "نمسح كلشي",
        "quarter": "الحي ديالي",
        "place": "أوربيع",
        "no_news": "نحبس الرسائل",
    },
}


async def me(city, ada):
    say = SAY[ada.language]
    await ada.arrives("p_1")
    await ada.taps(say["support"])
    await ada.taps(say["agree"])
    await ada.says("Ada Lahlou")
    await ada.says("I123456")
    await ada.taps(say["skip"])
    await ada.taps(say["confirm"])
    await ada.taps(say["who"])
    await ada.taps(say["woman"])
    await ada.taps(say["age"])
    await ada.taps(say["unsaid"])
    await ada.says(say["me"])
    await ada.taps(say["quarter"])
    await ada.taps(say["place"])
    await ada.says("/me")
    await ada.taps(say["topics"])
    await ada.taps(say["workshops"])
    await ada.says("/me")
    await ada.taps(say["consents"])
    await ada.taps(say["petitions"])
    await ada.taps(say["keep"])
    await ada.says(say["data"])
    await ada.taps(say["pdf"])


async def stop_and_back(city, ada):
    say = SAY[ada.language]
    await ada.arrives()
    await ada.says(say["asks"])
    await ada.says("/human")
    await ada.says(say["stop"])
    await ada.says("/me")
    await ada.says(say["back"])
    await ada.says("/me")
    await ada.taps(say["no_news"])


async def erasure(city, ada):
    say = SAY[ada.language]
    await ada.arrives()
    await ada.says("/me")
    await ada.taps(say["all"])
    await ada.taps(say["keep"])
    await ada.says("/erase")
    await ada.taps(say["all"])
    await ada.says("/me")


CONVERSATIONS = [me, stop_and_back, erasure]
