"""A petition started, given back, corrected, taken on; moved by staff; support withdrawn; shared."""

from datetime import timedelta

from bot.notices import tell
from storage.supports import Support

SAY = {
    "fr": {
        "new": "lancer une pétition",
        "can": "Oui, elle peut",
        "residents": "Habitant·e·s",
        "yes": "Oui",
        "no": "Non",
        "agree": "accepte",
        "parts": (
            "Un abri au souk",
            "Inscrire la couverture du souk hebdomadaire",
            "Les étals sont sous la pluie",
            "Un toit sur trente étals",
            "Souad Amrani",
        ),
        "send": "Envoyer au service",
        "back": "Renvoyer",
        "unclear": "Pas clair",
        "done": "Terminer",
        "remark": "Quel souk, s'il vous plaît ?",
        "correct": "Corriger",
        "fix": "Revoir : Demande",
        "clearer": "Couvrir le souk du jeudi",
        "take": "Retenir",
        "days": "60 jours",
        "quarter": "médina",
        "publish": "Publier",
        "mine": "Mes pétitions",
        "see": "Où elle en est",
        "petition": "Des arbres",
        "signed": "Noter les signatures",
        "confirm": "Confirmer",
        "do": "Oui, le faire",
        "ready": "Prête au dépôt",
        "deposited": "Déposée",
        "review": "À l'examen",
        "refused": "Refusée",
        "form": "Forme",
        "why": "La lettre n'est pas signée.",
        "support": "Soutenir",
        "place": "Ourbiaa",
        "follow": "Suivre ses étapes",
        "withdraw": "Retirer mon soutien",
        "sure": "Retirer",
        "share": "Partager",
        "other": "Pas maintenant",
        "paper": "La liste à signer",
        "no_more": "Ne plus suivre",
        "check": "Vérifier soutiens",
        "day": "Changer la date",
        "do_it": "Oui, le faire",
        "list": "Revenir à la liste",
        "helped": "Une pétition aidée",
        "name": "Fatima Amrani",
        "end": "fin aide",
    },
    "ary": {
        "new": "بغيت ندير عريضة",
        "can": "نعم، تقدر",
        "residents": "الساكنة",
        "yes": "نعم",
        "no": "لا",
        "agree": "موافق",
        "parts": (
            "غطا للسوق",
            "إدراج نقطة على تغطية السوق الأسبوعي",
            "السلعة كتبقى تحت الشتا",
            "غطا فوق 30 بلاصة",
            "سعاد العمراني",
        ),
        "send": "نصيفط للمصلحة",
        "back": "نرجعها",
        "unclear": "ماشي واضح",
        "done": "ساليت",
        "remark": "أينا سوق عافاكم؟",
        "correct": "نصحح",
        "fix": "نصحح: الطلب",
        "clearer": "تغطية سوق الخميس",
        "take": "نقبلها",
        "days": "60",
        "quarter": "المدينة",
        "publish": "ننشر",
        "mine": "العرائض ديالي",
        "see": "نشوف فين وصلات",
        "petition": "عريضة الأشجار",
        "signed": "ندخل التوقيعات",
        "confirm": "نأكد",
        "do": "نعم، نديرها",
        "ready": "واجدة للإيداع",
        "deposited": "تحطات",
        "review": "فالدراسة",
        "refused": "ترفضات",
        "form": "الشكل",
        "why": "الرسالة ماموقعاش.",
        "support": "ندعم",
        "place": "أوربيع",
        "follow": "نتبع الجديد",
        "withdraw": "نسحب الدعم",
        "sure": "نسحب",
        "share": "نشاركها",
        "other": "ماشي دابا",
        "paper": "لائحة التوقيعات",
        "no_more": "مابقيتش نتبع",
        "check": "نتأكد من الدعم",
        "day": "نبدل آخر أجل",
        "do_it": "نعم، نديرها",
        "list": "نرجع للائحة",
        "helped": "عريضة بالمساعدة",
        "name": "فاطمة العمراني",
        "end": "سالينا المعاونة",
    },
}


async def told(city, ada):
    await tell(city.database, city.now)
    await ada.looks()


async def a_petition_started(city, ada):
    say = SAY[ada.language]
    hind = await city.member("agent", "Hind", ada.language)
    hind.history = ada.history
    await ada.arrives()
    await ada.says(say["new"])
    for label in ("can", "residents", "yes", "agree"):
        await ada.taps(say[label])
    for words in say["parts"]:
        await ada.says(words)
    await ada.taps(say["send"])
    await hind.says("/queue")
    await hind.says("1")
    for label in ("back", "unclear", "done", "yes"):
        await hind.taps(say[label])
    await hind.says(say["remark"])
    await hind.taps(say["back"])
    await told(city, ada)
    await ada.taps(say["correct"])
    await ada.taps(say["fix"])
    await ada.says(say["clearer"])
    await ada.taps(say["send"])
    await hind.says("/petition")
    await hind.says("1")
    for label in ("take", "days", "quarter", "publish"):
        await hind.taps(say[label])
    await told(city, ada)
    await ada.taps(say["see"])
    await ada.taps(say["paper"])
    await ada.taps({"fr": "Français", "ary": "العربية"}[ada.language])
    await ada.says("/my_petitions")
    await ada.says("1")


async def a_petition_moved(city, ada):
    say = SAY[ada.language]
    zineb = await city.coordinator(ada.language)
    zineb.history = ada.history
    await zineb.says("/petition")
    await zineb.taps(say["petition"])
    await zineb.taps(say["ready"])
    await zineb.says("/petition")
    await zineb.taps(say["petition"])
    await zineb.taps(say["signed"])
    await zineb.says("213")
    await zineb.taps(say["confirm"])
    for step in ("ready", "deposited", "review"):
        await zineb.says("/petition")
        await zineb.taps(say["petition"])
        for label in (step, "no", "do"):
            await zineb.taps(say[label])
    city.now += timedelta(days=20)
    await zineb.says("/petition")
    await zineb.taps(say["petition"])
    for label in ("refused", "form", "done"):
        await zineb.taps(say[label])
    await zineb.says(say["why"])
    await zineb.taps(say["do"])
    await ada.arrives("pr_1")


async def support_withdrawn(city, ada):
    say = SAY[ada.language]
    await ada.arrives("p_1")
    await ada.taps(say["support"])
    await ada.taps(say["agree"])
    await ada.says("Ada Lahlou")
    await ada.says("I123456")
    await ada.taps(say["place"])
    await ada.taps(say["confirm"])
    await ada.taps(say["follow"])
    await ada.taps(say["no_more"])
    await ada.taps(say["follow"])
    await ada.says("/status")
    await ada.taps(say["petition"])
    await ada.taps(say["withdraw"])
    await ada.taps(say["sure"])
    await ada.says("/petitions")
    await ada.taps(say["petition"])


async def a_petition_shared(city, ada):
    say = SAY[ada.language]
    await city.found(web_address="https://participation.exemple.invalid", telegram_name="sawt_demo_bot")
    await ada.arrives("p_1")
    await ada.taps(say["other"])
    await ada.taps(say["share"])


async def supporters_checked(city, ada):
    """At the desk: cards that were seen, and a later last day."""
    say = SAY[ada.language]
    await ada.arrives("p_1")
    for move in (say["support"], say["agree"], "Ada Lahlou", "I123456", say["place"], say["confirm"]):
        await ada.goes(move)
    [support] = await city.all(Support)
    zineb = await city.coordinator(ada.language)
    zineb.history = ada.history
    ada.history.clear()
    await zineb.goes("/petition", say["petition"], say["check"], f"{support.receipt} BM-0000-0000", say["yes"])
    await zineb.goes("/petition", say["petition"], say["day"], say["days"], say["do_it"])


async def a_petition_entered(city, ada):
    """An agent writes it down for somebody at the desk, whose it is."""
    say = SAY[ada.language]
    hind = await city.member("agent", "Hind", ada.language)
    hind.history = ada.history
    ada.history.clear()
    await hind.goes("/new", say["helped"], say["agree"], say["name"], "J654321")
    for label in ("can", "residents", "yes", "agree"):
        await hind.taps(say[label])
    for words in (*say["parts"], say["send"], say["end"], "/my_petitions"):
        await hind.goes(words)


CONVERSATIONS = [
    *(a_petition_started, a_petition_entered, a_petition_moved),
    *(support_withdrawn, a_petition_shared, supporters_checked),
]
