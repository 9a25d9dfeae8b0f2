//! Suggestions for words that are not UCUM codes.

use super::table;

/// A suggestion for a word that is not a unit.
pub(super) struct Suggestion {
    pub(super) unit: String,
    /// A note on the suggestion.
    pub(super) note: Option<String>,
}

impl Suggestion {
    fn new(unit: impl Into<String>) -> Self {
        let unit = unit.into();
        let counted = unit.contains('{');
        let note = "counted things go in braces, in the singular";
        Suggestion {
            note: counted.then(|| note.to_owned()),
            unit,
        }
    }
}

/// Abbreviations and names that are not UCUM codes, in lowercase.
#[rustfmt::skip]
const NAMES: &[(&str, &[&str])] = &[
    // Time.
    ("s", &["sec", "secs"]),
    ("ms", &["msec", "msecs", "millis"]),
    ("us", &["usec", "usecs", "micros"]),
    ("ns", &["nsec", "nsecs", "nanos"]),
    ("min", &["mins", "minute", "minutes"]),
    ("h", &["hr", "hrs", "hour", "hours"]),
    ("d", &["day", "days"]),
    ("wk", &["week", "weeks", "wks"]),
    ("mo", &["month", "months"]),
    ("a", &["year", "years", "yr", "yrs"]),
    ("kHz", &["khz"]),
    ("MHz", &["mhz"]),
    ("GHz", &["ghz"]),
    ("rpm", &["rpms"]),
    // Shares.
    ("%", &["percent", "percents", "percentage", "pct", "%%"]),
    ("[ppth]", &["permille", "‰"]),
    ("1", &["ratio", "fraction", "dimensionless", "unitless", "none", "scalar", "bool", "boolean"]),
    // Abbreviations of counts and rates.
    ("{request}", &["req", "reqs"]),
    ("{request}/s", &["rps"]),
    ("{query}/s", &["qps"]),
    ("{transaction}/s", &["tps"]),
    ("{operation}/s", &["iops"]),
    ("{frame}/s", &["fps"]),
    ("{pixel}", &["px"]),
    ("km/h", &["kmh", "kph"]),
    ("[mi_i]/h", &["mph"]),
    // Physics.
    ("deg", &["degree", "degrees", "°"]),
    ("Cel", &["°c", "degc", "centigrade", "℃"]),
    ("[degF]", &["°f", "fahrenheit", "℉"]),
    ("Ohm", &["ω"]),
    ("mm[Hg]", &["mmhg"]),
    ("W.h", &["wh"]),
    ("kW.h", &["kwh"]),
    ("MW.h", &["mwh"]),
    ("GW.h", &["gwh"]),
    ("A.h", &["ah"]),
    ("mA.h", &["mah"]),
    ("[HP]", &["horsepower"]),
    ("[in_i]", &["in", "inch", "inches"]),
    ("[ft_i]", &["ft", "foot", "feet"]),
    ("[yd_i]", &["yd", "yard", "yards"]),
    ("[mi_i]", &["mi", "mile", "miles"]),
    ("[kn_i]", &["kn", "knot", "knots"]),
    ("[lb_av]", &["lb", "lbs", "pound", "pounds"]),
    ("[lbf_av]", &["lbf"]),
    ("[oz_av]", &["oz", "ounce", "ounces"]),
    ("[gal_us]", &["gal", "gallon", "gallons"]),
    // Money.
    ("{USD}", &["usd", "$", "dollar", "dollars"]),
    ("{EUR}", &["eur", "€", "euro", "euros"]),
    ("{GBP}", &["gbp", "£"]),
    ("{JPY}", &["jpy", "¥", "yen"]),
    ("{CHF}", &["chf"]),
    ("{CNY}", &["cny"]),
    ("{INR}", &["inr"]),
];

/// Names of units that can follow the name of a prefix: `milliseconds`.
#[rustfmt::skip]
const SPELLED: &[(&str, &str)] = &[
    ("second", "s"), ("byte", "By"), ("bit", "bit"), ("baud", "Bd"), ("hertz", "Hz"), ("bel", "B"),
    ("meter", "m"), ("metre", "m"), ("gram", "g"), ("tonne", "t"), ("liter", "L"), ("litre", "L"),
    ("watt", "W"), ("volt", "V"), ("amp", "A"), ("ampere", "A"), ("ohm", "Ohm"), ("farad", "F"),
    ("coulomb", "C"), ("joule", "J"), ("newton", "N"), ("pascal", "Pa"), ("kelvin", "K"),
    ("celsius", "Cel"), ("tesla", "T"), ("radian", "rad"), ("candela", "cd"), ("lumen", "lm"),
    ("lux", "lx"), ("mole", "mol"), ("calorie", "cal"), ("electronvolt", "eV"),
];

#[rustfmt::skip]
const PREFIX_NAMES: &[(&str, &str)] = &[
    ("", ""), ("kilo", "k"), ("mega", "M"), ("giga", "G"), ("tera", "T"), ("peta", "P"), ("exa", "E"),
    ("hecto", "h"), ("deci", "d"), ("centi", "c"), ("milli", "m"), ("micro", "u"), ("nano", "n"),
    ("pico", "p"), ("femto", "f"), ("kibi", "Ki"), ("mebi", "Mi"), ("gibi", "Gi"), ("tebi", "Ti"),
];

/// Words that do not say which thing is counted.
const VAGUE: &[&str] = &[
    "amount", "count", "counter", "counts", "num", "number", "quantity", "total", "unit", "units",
    "value", "values",
];

/// Returns the unit for a name or abbreviation.
pub(super) fn unit(name: &str) -> Option<Suggestion> {
    let lower = name.to_lowercase();
    let named = NAMES.iter().find(|(_, names)| names.contains(&&*lower));
    let named = named.map(|(unit, _)| Suggestion::new(*unit));
    named
        .or_else(|| information(name, &lower))
        .or_else(|| spelled(&lower).map(Suggestion::new))
        .or_else(|| micro(name.strip_prefix(['µ', 'μ'])?))
        .or_else(|| table::in_brackets(name).map(Suggestion::new))
        .or_else(|| unit(name.strip_prefix('[')?.strip_suffix(']')?))
}

fn micro(rest: &str) -> Option<Suggestion> {
    let name = format!("u{rest}");
    if table::is_unit(&name) {
        return Some(Suggestion::new(name));
    }
    unit(&name)
}

/// Returns the unit that differs from a name only in case.
pub(super) fn unit_in_another_case(name: &str) -> Option<Suggestion> {
    table::in_another_case(name).map(Suggestion::new)
}

/// Returns the unit for bytes and bits: `KB`, `kbytes`, `MiB`, `Mbps`.
fn information(name: &str, lower: &str) -> Option<Suggestion> {
    let (stem, rate) = match lower.strip_suffix("ps") {
        Some(stem) if stem.ends_with('b') => (stem, "/s"),
        _ => (lower, ""),
    };
    let suffixes = ["bytes", "byte", "by", "bits", "bit", "b"];
    let (prefix, suffix) = suffixes
        .iter()
        .find_map(|suffix| Some((stem.strip_suffix(suffix)?, *suffix)))?;
    let code = match prefix {
        "" => "",
        "k" => "k",
        "m" => "M",
        "g" => "G",
        "t" => "T",
        "p" => "P",
        "e" => "E",
        "ki" => "Ki",
        "mi" => "Mi",
        "gi" => "Gi",
        "ti" | "pi" | "ei" => "Ti",
        _ => return None,
    };
    let small = name.get(prefix.len()..)?.starts_with('b');
    let unit = match suffix {
        "bits" | "bit" => "bit",
        "b" if small && !rate.is_empty() => "bit",
        _ => "By",
    };
    let note = match (prefix, suffix) {
        ("pi" | "ei", _) => Some("UCUM has no binary prefix above `Ti`".to_owned()),
        (_, "b") if !small => Some("contracts do not accept `B`, the bel of UCUM".to_owned()),
        (_, "b") if rate.is_empty() => Some(format!("for bits, `{code}bit`")),
        _ => None,
    };
    Some(Suggestion {
        unit: format!("{code}{unit}{rate}"),
        note,
    })
}

/// Returns the unit of a written-out name: `milliseconds`, `kilohertz`.
fn spelled(lower: &str) -> Option<String> {
    let mut units = PREFIX_NAMES.iter().filter_map(|(prefix, code)| {
        let unit = lower.strip_prefix(prefix)?;
        let singular = unit.strip_suffix('s').unwrap_or(unit);
        let named = |(name, _): &&(&str, &str)| *name == unit || *name == singular;
        let (_, unit) = SPELLED.iter().find(named)?;
        Some(format!("{code}{unit}"))
    });
    units.find(|unit| table::is_unit(unit))
}

/// Returns the annotation for a counted thing.
pub(super) fn counted(word: &str) -> Option<Suggestion> {
    let letter = word.starts_with(|first: char| first.is_ascii_alphabetic());
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let lower = word.to_lowercase();
    if !letter || word.len() < 3 || !word.chars().all(plain) || VAGUE.contains(&&*lower) {
        return None;
    }
    // `requests_per_second` and `s_m` name more than one thing.
    let several = |part: &str| part == "per" || table::is_unit(part);
    if word.split(['_', '-']).any(several) {
        return None;
    }
    let capitalised = word[1..] == lower[1..];
    let word = if capitalised { &lower } else { word };
    Some(Suggestion::new(format!("{{{}}}", singular(word))))
}

fn singular(word: &str) -> String {
    let ends = |ends: &[&str]| ends.iter().any(|end| word.ends_with(end));
    let without = |letters: usize| word[..word.len() - letters].to_owned();
    if !ends(&["s"]) || ends(&["ss", "us", "is", "series", "news"]) {
        word.to_owned()
    } else if ends(&["ies"]) && !ends(&["cookies", "movies", "ties", "dies", "lies"]) {
        without(3) + "y"
    } else if ends(&["sses", "shes", "tches", "rches", "nches", "xes", "tuses"]) {
        without(2)
    } else {
        without(1)
    }
}
