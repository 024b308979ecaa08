"""What the assistant says, in Spanish. Same ids as texts_en.EN; a test compares them."""

from __future__ import annotations

from collections.abc import Mapping

ES: Mapping[str, str] = {
    "hello": (
        "Hola, y gracias por escribir. Soy un programa informático de {org}, no una persona. Respondo primero"
        " para que no esperes a solas, y te llevo hasta una persona."
    ),
    "private.web": (
        "Lo que escribes aquí queda entre tú y {org}: pueden leerlo las personas de nuestro equipo que te "
        "ayudan. No hace falta tu nombre, y puedes borrarlo. No somos un servicio de emergencias y aquí nadie"
        " da diagnósticos."
    ),
    "private.whatsapp": (
        "En WhatsApp, la empresa que lo gestiona y las personas de nuestro equipo que te ayudan pueden leer "
        "lo que escribes. Quienes te atienden no ven tu número salvo que haya un motivo, que queda anotado. "
        "No somos un servicio de emergencias y aquí nadie da diagnósticos."
    ),
    "private.other": (
        "La empresa que gestiona este canal y las personas de nuestro equipo que te ayudan pueden leer lo que"
        " escribes aquí. No somos un servicio de emergencias y aquí nadie da diagnósticos."
    ),
    "rate": (
        "¿Cómo de mal estás ahora mismo, de 0 (bien) a 10 (lo peor posible)? Toca un botón, escribe un número"
        " o simplemente cuéntame qué pasa. Escribe PERSONA para pedir una persona."
    ),
    "wait.now": "Puede que alguien de nuestro equipo quede libre en unos minutos.",
    "wait.some": (
        "Puede tardar unos {minutes} minutos hasta que alguien de nuestro equipo quede libre. Puedes seguir "
        "escribiendo."
    ),
    "wait.hours": (
        "Puede tardar unas {hours} horas hasta que alguien de nuestro equipo quede libre. Puedes seguir "
        "escribiendo."
    ),
    "wait.unknown": (
        "No puedo decir cuánto tardará en quedar libre alguien de nuestro equipo. Puedes seguir escribiendo."
    ),
    "wait.closed": (
        "Ahora mismo no hay nadie de nuestro equipo. Puedes seguir escribiendo: una persona lo lee cuando "
        "volvamos. Si no puede esperar, escribe AYUDA para ver números a los que acudir ahora."
    ),
    "danger": (
        "Me alegro de que hayas escrito esto. Por favor, llama ahora al {emergency}, o pide a alguien cercano"
        " que llame. Ve donde haya otra persona. Si tienes cerca algo con lo que podrías hacerte daño, "
        "aléjate de ello."
    ),
    "danger.unknown": (
        "Me alegro de que hayas escrito esto. Por favor, llama ahora al número de emergencias de tu zona, o "
        "pide a alguien cercano que llame. Ve donde haya otra persona. Si tienes cerca algo con lo que "
        "podrías hacerte daño, aléjate de ello."
    ),
    "danger_people.oncall": (
        "Soy un programa informático y me quedo aquí contigo. He avisado a una persona de nuestro equipo. No "
        "puedo decir cuándo lo verá, así que, por favor, llama también."
    ),
    "danger_people.staffed": (
        "Soy un programa informático y me quedo aquí contigo. Tus palabras están las primeras para la próxima"
        " persona de nuestro equipo que quede libre."
    ),
    "danger_people.closed": (
        "Soy un programa informático y me quedo aquí contigo. Ahora mismo no hay nadie de nuestro equipo, así"
        " que el número de emergencias es el camino más rápido hacia una persona."
    ),
    "hold_1": "Sigo aquí. ¿Estás con alguien ahora, o puedes ir con alguien? Dime quién podría ser.",
    "hold_2": (
        "Quédate conmigo los próximos minutos. Pon los dos pies en el suelo y suelta el aire despacio. "
        "Después vuelve a escribirme."
    ),
    "hold_3": "¿Qué haría un poco más seguros para ti los próximos diez minutos?",
    "hold_4": (
        "Si llamar te parece demasiado, puedes dar el teléfono a alguien que tengas cerca y pedirle que llame"
        " por ti."
    ),
    "safe_now": (
        "Gracias por decírmelo. Una persona de nuestro equipo lo leerá igualmente. Si algo cambia, llama "
        "enseguida al {emergency} o dímelo."
    ),
    "safe_now.unknown": (
        "Gracias por decírmelo. Una persona de nuestro equipo lo leerá igualmente. Si algo cambia, llama "
        "enseguida al número de emergencias de tu zona o dímelo."
    ),
    "cannot_call": (
        "No pasa nada. Podrías pedir a alguien cercano que llame, enviar un mensaje donde la línea los "
        "acepte, o ir al hospital más cercano. ¿Qué lo hace difícil: no tener saldo, que alguien escuche, "
        "miedo a lo que pase después? Dímelo y buscamos otro camino."
    ),
    "lines": (
        "Estos servicios están para momentos así ({country}):\n{lines}\n\nSi hay peligro ahora mismo: "
        "{emergency}."
    ),
    "lines.no_emergency": (
        "Estos servicios están para momentos así ({country}):\n{lines}\n\nSi hay peligro ahora mismo: llama "
        "al número de emergencias de tu zona."
    ),
    "lines.none": (
        "Para {country} no tengo ningún número lo bastante comprobado como para dártelo. Si hay peligro ahora"
        " mismo: {emergency}. También puede ayudar un médico o un hospital."
    ),
    "lines.nothing": (
        "Para {country} no tengo ningún número lo bastante comprobado como para dártelo. Si hay peligro ahora"
        " mismo, llama al número de emergencias de tu zona. También puede ayudar un médico o un hospital."
    ),
    "lines_unknown": (
        "¿En qué país estás? Así puedo mostrarte números que funcionan allí. Si hay peligro ahora mismo, "
        "llama al número de emergencias de tu zona, o pide a alguien cercano que llame."
    ),
    "lines_again": (
        "Esto suena más difícil que antes. Mientras esperas también puedes acudir a {line}. Si hay peligro: "
        "{emergency}."
    ),
    "lines_again.no_emergency": (
        "Esto suena más difícil que antes. Mientras esperas también puedes acudir a {line}. Si hay peligro: "
        "el número de emergencias de tu zona."
    ),
    "will": (
        "¿Te ves llamando o escribiendo hoy a uno de ellos? Si algo lo hace difícil, dime qué es y buscamos "
        "otro camino."
    ),
    "will_yes": "Es un paso grande, y bueno. Después puedes volver aquí, y tu lugar en la fila se conserva.",
    "will_later": "No pasa nada. Los números se quedan aquí para cuando los quieras.",
    "ask_thoughts": (
        "Quiero preguntarte con claridad, porque es importante: ¿estás pensando en acabar con tu vida? Una "
        "persona de nuestro equipo lee tu respuesta."
    ),
    "ask_plan": (
        "Gracias por decírmelo. ¿Has pensado cómo o cuándo, y tienes cerca lo que necesitarías? Una persona "
        "de nuestro equipo lee tu respuesta."
    ),
    "thoughts_no": "Gracias por decírmelo. ¿Qué es lo que más te duele ahora mismo?",
    "plan_no": (
        "Me alegro de que me lo digas. Por hoy puede ayudar tener a alguien cerca y cierta distancia con todo"
        " aquello con lo que podrías hacerte daño. ¿Quién podría estar contigo?"
    ),
    "unsure": (
        "No pasa nada, no tienes que responder. Puedes contárselo a una persona de nuestro equipo cuando "
        "llegue."
    ),
    "people": (
        "Además de nuestro equipo pueden ayudarte dos tipos de personas: alguien de confianza, una amistad o "
        "alguien de tu familia, y un profesional, como un médico o un psicólogo. ¿A quién podrías decírselo "
        "hoy?"
    ),
    "rated_low": "Qué bien que ahora se pueda llevar. ¿Qué te trae hoy por aquí?",
    "rated_mid": "Suena difícil. Gracias por decírmelo. ¿Qué es lo más duro ahora mismo?",
    "rated_high": "Es muchísimo dolor. Me alegro de que me lo digas, y me quedo aquí.",
    "coping": "Mientras esperas podemos hacer juntos algo pequeño. ¿Te apetece alguna de estas cosas?",
    "breathe": (
        "Toma aire por la nariz y cuenta hasta cuatro. Suéltalo despacio y cuenta hasta seis. Hazlo cinco "
        "veces, a tu ritmo. Después cuéntame cómo estás."
    ),
    "ground": (
        "Mira a tu alrededor. Nombra cinco cosas que ves, cuatro que puedes tocar, tres que oyes, dos que "
        "hueles y una que saboreas. Escríbemelas o dilas en voz baja."
    ),
    "safety_plan.web": (
        "Cuando haya un poco más de calma, puede ayudar un plan para los malos momentos: qué notas, qué te ha"
        " ayudado, a quién decírselo. Hay uno para rellenar en Ayuda ahora, arriba en esta página. Se queda "
        "en tu dispositivo."
    ),
    "safety_plan.link": (
        "Cuando haya un poco más de calma, puede ayudar un plan para los malos momentos: qué notas, qué te ha"
        " ayudado, a quién decírselo. Hay uno para rellenar en {help_url}. Se queda en tu dispositivo."
    ),
    "safety_plan.bare": (
        "Cuando haya un poco más de calma, puede ayudar un plan para los malos momentos: qué notas, qué te ha"
        " ayudado, a quién decírselo. Puedes empezarlo aquí con una persona de nuestro equipo."
    ),
    "third": (
        "Es bueno que te preocupes por esa persona. Pregúntale con claridad cómo está y si piensa en el "
        "suicidio: preguntar no le mete la idea en la cabeza a nadie. Escucha, quédate a su lado y llamad "
        "juntos. Si hay peligro ahora mismo: {emergency}."
    ),
    "third.unknown": (
        "Es bueno que te preocupes por esa persona. Pregúntale con claridad cómo está y si piensa en el "
        "suicidio: preguntar no le mete la idea en la cabeza a nadie. Escucha, quédate a su lado y llamad "
        "juntos. Si hay peligro ahora mismo: el número de emergencias del lugar donde está."
    ),
    "third_self": (
        "¿Y tú cómo estás con todo esto? Una persona de nuestro equipo puede pensarlo contigo y escucharte "
        "también a ti."
    ),
    "computer": (
        "Soy un programa informático, no una persona. Cuando te escriba una persona de nuestro equipo, verás "
        "su nombre."
    ),
    "police": (
        "Nada de aquí llama por su cuenta a la policía ni a una ambulancia. Si nuestro equipo teme por una "
        "vida, dos personas lo deciden juntas, y te lo dicen si pueden."
    ),
    "diagnosis": (
        "No puedo decirte cómo se llama. Eso puede hacerlo un médico o un terapeuta que te conozca. Lo que "
        "puedo hacer es llevarte hasta una persona. ¿Cómo lo vives tú?"
    ),
    "anger": (
        "Aquí puedes enfadarte. Solo soy un programa, así que no me duele. Me gustaría llevarte hasta una "
        "persona que pueda escuchar de verdad."
    ),
    "thanks": "No hay de qué. Hiciste bien en escribir. Puedes seguir escribiendo cuando quieras.",
    "human.open": (
        "Sí. Estás en la fila para una persona de nuestro equipo, y leerá lo que has escrito: no tendrás que "
        "empezar de nuevo."
    ),
    "human.closed": (
        "Sí. Ahora mismo no hay nadie de nuestro equipo. Lo que has escrito se guarda y una persona lo lee "
        "cuando volvamos. Si no puede esperar, escribe AYUDA para ver números a los que acudir ahora."
    ),
    "help": "Si hay peligro ahora mismo: {emergency}.",
    "help.lines": "Si hay peligro ahora mismo: {emergency}.\n\nTambién puedes acudir ({country}) a:\n{lines}",
    "help.lines_only": (
        "Si hay peligro ahora mismo: llama al número de emergencias de tu zona.\n\nTambién puedes acudir "
        "({country}) a:\n{lines}"
    ),
    "help.unknown": (
        "Si hay peligro ahora mismo: llama al número de emergencias de tu zona, o pide a alguien cercano que "
        "llame. Dime en qué país estás y puedo mostrarte números que funcionan allí."
    ),
    "stop": (
        "No te escribiremos primero. Si nos escribes, lo seguimos leyendo. Escribe AYUDA para ver números a "
        "los que acudir en cualquier momento."
    ),
    "ack_1": (
        "Gracias por contármelo. Se guarda, y la persona que llegue lo lee: no tendrás que decirlo dos veces."
    ),
    "ack_2": "Suena pesado. Tómate tu tiempo. Puedes escribir tanto o tan poco como quieras.",
    "ack_3": "¿Qué haría un poco más fácil la próxima hora?",
    "ack_4": "¿Hay alguien que pueda acompañarte un rato, a tu lado o por teléfono?",
    "ack_5": "Todo lo que escribes llega aquí, también cuando callo.",
    "ack_6": "¿Has bebido o comido algo hoy? Las cosas pequeñas ayudan un poco.",
    "ack_7": "Puedes dejar esto un momento. Lo que responda una persona seguirá aquí cuando vuelvas.",
    "ack_8": "Si empeora, escribe AYUDA y verás números para ahora mismo.",
    "ack_9": (
        "Ya he dicho casi todo lo que puede decir un programa. Paso cada palabra que escribes, y una persona "
        "la lee."
    ),
    "queue.next": "La próxima persona en la fila eres tú.",
    "queue.few": "Hay unas pocas personas antes que tú en la fila. No nos hemos olvidado de ti.",
    "queue.some": "Hay algunas personas antes que tú en la fila. No nos hemos olvidado de ti.",
    "queue.many": (
        "Ahora mismo nos escribe mucha gente y tarda más de lo que quisiéramos. Escribe AYUDA para ver "
        "números a los que acudir ahora."
    ),
    "queue_minutes": "Puede tardar unos {minutes} minutos.",
    "queue_hours": "Puede tardar unas {hours} horas.",
    "closing": (
        "Nuestro equipo se va por ahora. Lo que has escrito se guarda y una persona lo lee cuando volvamos. "
        "Si no puede esperar, escribe AYUDA para ver números a los que acudir ahora."
    ),
    "away": (
        "Vuelvo a ser yo, el programa informático. Sigues en la fila para una persona, y leerá lo que has "
        "escrito."
    ),
    "button.managing": "Lo voy llevando",
    "button.struggling": "Me cuesta mucho",
    "button.danger": "En peligro ahora",
    "button.human": "Con una persona",
    "button.breathe": "Respirar",
    "button.ground": "Los sentidos",
    "button.yes": "Sí",
    "button.no": "No",
    "button.unsure": "Prefiero no decirlo",
    "button.safe": "De momento, bien",
    "button.cannot_call": "No puedo llamar",
    "button.will": "Lo haré",
    "button.later": "Ahora no",
    "line.phone": "{name}: llama al {phone}",
    "line.sms": "{name}: mensaje al {sms}",
    "line.word": "{name}: envía {word} al {sms}",
    "line.both": "{name}: llama al {phone} o mensaje al {sms}",
    "line.web": "{name}: {url}",
    "line.extension": "extensión {number}",
    "line.always": "día y noche",
    "or": "o",
    "ambulance": "{number} (ambulancia)",
    "police_number": "{number} (policía)",
}
