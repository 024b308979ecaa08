"""The help page in Spanish. Same ids as words.EN; a test compares them."""

from __future__ import annotations

from collections.abc import Mapping

ES: Mapping[str, str] = {
    "title": "Ayuda ahora",
    "leave": "Salir",
    "lead": "No tienes que pasar por esto a solas. Aquí hay ayuda a la que puedes acudir ahora mismo.",
    "danger_title": "¿Hay peligro ahora mismo?",
    "danger_text": "Si podrías hacerte daño, o hay alguien herido, llama al número de emergencias.",
    "danger_near": (
        "Ve a un lugar donde haya otras personas, o pide a alguien que venga contigo. Si llamar te cuesta demasiado, "
        "pídele que llame."
    ),
    "no_emergency": (
        "Llama al número de emergencias de tu zona. Aquí no mostramos ninguno porque no sabemos con seguridad cuál es "
        "el correcto donde estás. Cualquier persona cercana puede decírtelo o llamar por ti."
    ),
    "call": "Llamar al {number}",
    "call_ambulance": "Ambulancia {number}",
    "call_police": "Policía {number}",
    "lines_title": "A quién llamar o escribir: {country}",
    "lines_unknown_title": "A quién llamar o escribir",
    "lines_unknown": "Elige tu país para ver números que funcionan donde estás.",
    "lines_none": (
        "No tenemos para este país ningún número lo bastante comprobado como para mostrarlo aquí. El número de "
        "emergencias, un médico o un hospital pueden ayudar, y puedes escribirnos."
    ),
    "lines_others": "Para personas o problemas concretos",
    "lines_change": "Los números pueden cambiar. Si nadie contesta, prueba con otro.",
    "guessed": "Hemos supuesto {country} por el idioma de tu navegador. Si no es así, elige tu país.",
    "country": "País",
    "country_unknown": "Elige un país",
    "show": "Mostrar",
    "text_to": "Mensaje al {number}",
    "text_word": "Envía {word} al {number}",
    "extension": "Después elige la extensión {number}",
    "chat": "Chat",
    "website": "Sitio web",
    "hours_always": "Día y noche",
    "hours": "Horario: {hours}",
    "speaks": "Idiomas: {languages}",
    "months": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "date": "{day} de {month} de {year}",
    "checked": "Este número se comparó con la página del propio servicio el {date}.",
    "talk_title": "Escríbenos",
    "talk_now": "Ahora mismo hay alguien de nuestro equipo. Sin cuenta y sin nombre.",
    "talk_soon": (
        "Nuestro equipo está aquí. Puede tardar unos {minutes} minutos hasta que alguien quede libre. Sin cuenta y "
        "sin nombre."
    ),
    "talk_hours": (
        "Nuestro equipo está aquí. Puede tardar unas {hours} horas hasta que alguien quede libre; quien está en "
        "peligro va primero. Sin cuenta y sin nombre."
    ),
    "talk_closed": (
        "Ahora mismo no hay nadie de nuestro equipo. Puedes escribir igualmente: un programa responde al momento, y "
        "una persona lo lee cuando volvamos."
    ),
    "talk_unknown": "Puedes escribirnos sin cuenta y sin nombre. Allí verás cuánto puede tardar.",
    "talk_button": "Empezar a escribir",
    "other_title": "¿Te preocupa otra persona?",
    "other_text": (
        "Pregúntale con claridad cómo está y si piensa en el suicidio. Preguntar no le mete la idea en la cabeza a "
        "nadie. Escucha, quédate a su lado y llamad juntos a uno de estos números. Si hay peligro ahora mismo, llama "
        "al número de emergencias."
    ),
    "minute_title": "Para los próximos minutos",
    "minute_breathe": "Suelta el aire despacio, más despacio de lo que lo tomas. Hazlo cinco veces.",
    "minute_look": "Nombra cinco cosas que ves, cuatro que puedes tocar y tres que oyes.",
    "minute_place": (
        "Si puedes, ve a un lugar donde sientas más seguridad y pon distancia con todo aquello con lo que podrías "
        "hacerte daño."
    ),
    "minute_someone": "Dile a una persona de confianza: «No estoy bien. ¿Puedes quedarte un rato conmigo?»",
    "plan_title": "Un plan para los malos momentos",
    "plan_lead": (
        "Escríbelo cuando haya algo más de calma. Cuando todo se ponga difícil, síguelo desde arriba. Salta lo que "
        "no te sirva."
    ),
    "plan_1": "Cómo noto que me empiezo a sentir mal",
    "plan_1_hint": "Pensamientos, estados de ánimo, lugares, horas del día",
    "plan_2": "Lo que puedo hacer por mi cuenta y ya me ha ayudado",
    "plan_2_hint": "Caminar, música, una ducha, respirar",
    "plan_3": "Personas y lugares que me distraen",
    "plan_3_hint": "Una cafetería, una amistad con quien ver una película",
    "plan_4": "Personas a las que puedo contárselo y pedir ayuda",
    "plan_4_hint": "Nombres y números",
    "plan_5": "Profesionales y servicios a los que puedo llamar",
    "plan_5_hint": "Médico, terapeuta, los números de arriba",
    "plan_6": "Cómo hago más seguro lo que me rodea",
    "plan_6_hint": "Lo que puedo dejar fuera de mi alcance o pedir a alguien que me guarde",
    "plan_stays": "Lo que escribes aquí se queda en esta página. No nos llega. Imprime la página para conservarlo.",
    "plan_keep": "Guardarlo en este dispositivo",
    "plan_keep_hint": "Quien use este dispositivo y este navegador podrá abrirlo aquí.",
    "plan_print": "Imprimir",
    "plan_forget": "Borrarlo de este dispositivo",
    "plan_kept": "Guardado en este dispositivo.",
    "plan_forgotten": "Borrado de este dispositivo.",
    "history": (
        "Salir abre al momento una página del tiempo; también pulsar Escape tres veces si los scripts están activos. "
        "El historial de tu navegador sigue mostrando que estuviste aquí."
    ),
    "home": "Página principal",
    "aud_children": "niñas, niños y jóvenes",
    "aud_women": "mujeres; violencia en casa o violencia sexual",
    "aud_violence": "personas que han sufrido violencia",
    "aud_men": "hombres",
    "aud_substance": "alcohol y drogas",
    "aud_lgbtq": "personas LGBTQ",
    "aud_bereaved": "personas que perdieron a alguien por suicidio",
    "aud_older": "personas mayores y personas con discapacidad",
    "aud_english": "personas que hablan inglés",
    "aud_indigenous": "pueblos indígenas",
    "aud_muslim": "personas musulmanas",
    "aud_parents": "niñas, niños, jóvenes y familias",
    "for": "Para {audience}",
}
