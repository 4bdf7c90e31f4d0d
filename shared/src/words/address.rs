//! Tests of how people are addressed: formally or informally, and the same throughout.

use std::collections::BTreeSet;

use super::phrase::placeholders;
use super::wording::{file, forms, is_of_staff, tokens};
use super::{Formality, Language, Text, Words};

/// Where a language has two forms of address.
const WITH_TWO_FORMS: [Language; 3] = [Language::Es, Language::Ru, Language::Hu];

const FORMAL_ES: &str = "\
    usted ustedes su sus suyo suya le les escanee pregunte elija toque diga díganos deje venga \
    quédese pídanos pregúntenos inténtelo espere indique escriba vuelva cargue recargue divídalo \
    acórtelo empiécela puede desea quiere prefiere tendrá verá esperó preguntó pidió mire revise \
    use abra pase apunte avise llame confirme cierre active guarde traiga recoja permita";

const FORMAL_RU: &str = "\
    вы вас вам вами ваш ваша ваше вашу вашего вашей вашем ваши ваших извините";

const FORMAL_HU: &str = "\
    ön önt önnek önre önről öné kérjük olvassa kérdezzen kérdezze jöjjön kérjen válassza \
    válasszon mondja hagyja koppintson maradjon próbálja töltse adjon adja írjon írja rövidítse \
    ossza várjon szeretné nevét helyét helye időpontját időpontja kezdje hívjuk kérdése látja \
    bezárhatja mentse engedje tegye szeretne nézze mutassa vigye hozza érintse értesítjük";

/// By what a text shows that it addresses somebody formally: pronouns, and verbs in that form.
fn formal_sign(language: Language, text: &str) -> Option<String> {
    let words = match language {
        Language::Es => FORMAL_ES,
        Language::Ru => FORMAL_RU,
        Language::Hu => FORMAL_HU,
        Language::En | Language::Pseudo => "",
    };
    // An imperative of the plural, which is also the formal one.
    let is_plural = |token: &str| {
        language == Language::Ru
            && ["ите", "йте", "ьте", "итесь", "йтесь", "ёте", "ете"]
                .iter()
                .any(|e| token.ends_with(e))
    };
    // "It can be", of nobody.
    let text = text.to_lowercase().replace("se puede", "");
    tokens(&text)
        .into_iter()
        .find(|token| words.split(' ').any(|word| word == token) || is_plural(token))
}

/// Texts in which such a word is about somebody or something else.
const NOT_ADDRESSED: &[(Language, &str)] = &[
    // Staff are told what to say.
    (Language::Es, "say.lead"),
    (Language::Ru, "say.lead"),
    (Language::Hu, "say.lead"),
    // "They have their time", "when the connection comes back".
    (Language::Es, "lobby.more"),
    (Language::Es, "will_be_sent"),
    // The customer speaks, to all who work there.
    (Language::Ru, "pending.approve"),
    (Language::Ru, "quote.yes_without_time"),
];

#[test]
fn what_addresses_a_customer_formally_can_be_said_informally_too() {
    let mut wrong = Vec::new();
    for language in WITH_TWO_FORMS {
        let file = file(language);
        let tables =
            [(&file.texts, &file.informal.texts), (&file.problems, &file.informal.problems)];
        for (formal, informal) in tables {
            for (key, phrase) in formal.iter().filter(|(key, _)| !is_of_staff(key)) {
                if NOT_ADDRESSED.contains(&(language, key.as_str())) || informal.contains_key(key) {
                    continue;
                }
                let sign = phrase.forms().find_map(|form| formal_sign(language, form));
                let text = phrase.any_form();
                wrong.extend(sign.map(|sign| format!("{language}: {key} (“{sign}”): {text}")));
            }
        }
    }
    assert!(wrong.is_empty(), "these have no informal text:\n{}", wrong.join("\n"));
}

#[test]
fn an_informal_text_differs_keeps_its_placeholders_and_is_informal_throughout() {
    let mut wrong = Vec::new();
    for language in WITH_TWO_FORMS {
        let file = file(language);
        let tables =
            [(&file.texts, &file.informal.texts), (&file.problems, &file.informal.problems)];
        for (formal, informal) in tables {
            for (key, phrase) in informal {
                let Some(before) = formal.get(key) else { panic!("{language}: no text {key}") };
                let (was, is): (Vec<_>, Vec<_>) =
                    (before.forms().collect(), phrase.forms().collect());
                assert_eq!(was.len(), is.len(), "{language}: {key}: as many forms");
                assert_ne!(was, is, "{language}: {key} says the same");
                for (was, is) in was.iter().zip(&is) {
                    let set = |text| placeholders(text).into_iter().collect::<BTreeSet<_>>();
                    assert_eq!(set(*was), set(*is), "{language}: {key}");
                    let sign = formal_sign(language, is);
                    wrong.extend(sign.map(|sign| format!("{language}: {key} (“{sign}”): {is}")));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "these are formal:\n{}", wrong.join("\n"));
    assert!(file(Language::En).informal.texts.is_empty(), "English has one form");
}

#[test]
fn formal_texts_are_formal_throughout() {
    let familiar: &[(Language, &[&str])] = &[
        (
            Language::Es,
            &["tú", "tu", "te", "ti", "tus", "tuyo", "puedes", "tienes", "quieres", "quédate"],
        ),
        (
            Language::Ru,
            &["ты", "тебя", "тебе", "тобой", "твой", "твоё", "твоя", "твоего", "извини"],
        ),
        (
            Language::Hu,
            &[
                "te", "neked", "téged", "tied", "rólad", "gyere", "várj", "kérlek", "helyed",
                "neved",
            ],
        ),
    ];
    for (language, words) in familiar {
        let file = file(*language);
        for (key, form) in forms([&file.texts, &file.problems]) {
            let found = tokens(form).into_iter().find(|token| words.contains(&token.as_str()));
            assert_eq!(found, None, "{language}: {key}: {form}");
        }
    }
}

#[test]
fn a_shop_that_says_tu_says_it_in_the_texts_that_differ_and_the_rest_as_always() {
    let es = |formality, text| Words::addressing(Language::Es, formality).say(text, &[]);
    assert_eq!(
        es(Formality::Formal, Text::PromiseBelow),
        "Su turno queda guardado hasta entonces."
    );
    assert_eq!(
        es(Formality::Informal, Text::PromiseBelow),
        "Tu turno queda guardado hasta entonces."
    );
    assert_eq!(es(Formality::Informal, Text::StageNext), es(Formality::Formal, Text::StageNext));
    let en = |formality| Words::addressing(Language::En, formality).say(Text::NextBelow, &[]);
    assert_eq!(en(Formality::Informal), en(Formality::Formal));
}
