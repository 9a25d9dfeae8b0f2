use super::{LONGEST, UnitError, check, table};

/// All units of the metrics in the OpenTelemetry semantic conventions, registry 1.45.0.
#[rustfmt::skip]
const SEMANTIC_CONVENTIONS: &[&str] = &[
    "%", "1", "By", "By/s", "Cel", "Hz", "J", "V", "W", "ms", "rpm", "s", "{Hz}", "{allocation}",
    "{assembly}", "{attempt}", "{authrefresh}", "{buffer}", "{challenge}", "{change}", "{class}",
    "{client}", "{coldstart}", "{collection}", "{connection}", "{container}", "{contention}",
    "{context_switch}", "{contributor}", "{count}", "{cpu}", "{data_point}", "{endpoint}", "{error}",
    "{exception}", "{diag}", "{fh}", "{file_descriptor}", "{forbid}", "{gc_cycle}", "{goroutine}",
    "{handle}", "{handshake}", "{hugepage}", "{ingress}", "{inode}", "{instance}", "{invocation}",
    "{job}", "{line}", "{lock}", "{log_record}", "{match_attempt}", "{message}", "{method}",
    "{namespace}", "{node}", "{object}", "{operation}", "{packet}", "{page}", "{persistentvolume}",
    "{persistentvolumeclaim}", "{pod}", "{procedure}", "{process}", "{record}", "{ref}",
    "{repository}", "{request}", "{request_unit}", "{resource}", "{restart}", "{retransmit}",
    "{revision}", "{row}", "{run}", "{run_queue_item}", "{sign_in}", "{sign_out}", "{signal}",
    "{span}", "{thread}", "{timeout}", "{timer}", "{token}", "{work_item}", "{worker}",
];

/// Returns the help for an invalid unit.
fn help(unit: &str) -> String {
    let error = check(unit).expect_err(unit);
    error.help.unwrap_or_default()
}

fn reason(unit: &str) -> String {
    check(unit).expect_err(unit).reason
}

#[test]
fn every_unit_of_the_semantic_conventions_is_valid() {
    for unit in SEMANTIC_CONVENTIONS {
        assert_eq!(check(unit), Ok(()));
    }
}

#[test]
fn units_follow_the_grammar() {
    #[rustfmt::skip]
    let units = [
        "m/s2", "/s", "kg.m.s-2", "m+2", "10*3/uL", "10^-9", "{request}/s", "MiBy/(s.{core})", "kW.h",
        "((By))", "60.s", "mm[Hg]", "m[H2O]2", "[in_i'H2O]", "''", "dB", "dB[mV]", "B[10.nV]", "kbit/s",
        "By{compressed}", "%{hit}", "mCel", "[degF]", "1/min", "{a-b_c:d}", "d", "wk", "mo", "a",
    ];
    for unit in units {
        assert_eq!(check(unit), Ok(()), "{unit}");
    }
}

#[test]
fn common_spellings_get_the_ucum_code_as_help() {
    #[rustfmt::skip]
    let suggestion = [
        ("s", &["sec", "secs", "second", "seconds", "Seconds"][..]),
        ("ms", &["msec", "millis", "millisecond", "milliseconds"]),
        ("us", &["µs", "usec", "microseconds"]),
        ("h", &["hr", "hours"]),
        ("By", &["byte", "bytes", "Bytes"]),
        ("kBy", &["kilobytes", "kbyte", "kby"]),
        ("MiBy", &["mebibytes"]),
        ("Mbit/s", &["Mbps", "mbps"]),
        ("\"%\"", &["percent", "pct"]),
        ("\"1\"", &["ratio", "dimensionless"]),
        ("Hz", &["hz", "hertz"]),
        ("MHz", &["mhz", "MHZ", "megahertz"]),
        ("Cel", &["°C", "celsius", "[degC]"]),
        ("dB", &["db", "decibels"]),
        ("mA", &["ma", "milliamps"]),
        ("kW.h", &["kWh"]),
        ("\"[psi]\"", &["psi"]),
        ("\"[ft_i]\"", &["ft", "feet", "[ft]"]),
        ("m2", &["m^2", "m**2", "m²"]),
        ("By/s", &["By / s", " By/s", "bytes per second", "bytes_per_second"]),
        ("By.s", &["By*s", "By·s"]),
        ("1/(MBy/s)", &["1/MBps"]),
        ("\"{retry}\"", &["{retry", "retry}", "1{retry}"]),
        ("\"{data_point}\"", &["{data point}"]),
        ("\"(m/s)\"", &["(m/s"]),
        ("\"60.s\"", &["60s", "60sec"]),
        ("min", &["kmin", "minutes"]),
    ];
    for (unit, written) in suggestion {
        for written in written {
            let help = help(written);
            let (advice, _) = help.split_once("; ").unwrap_or((&help, ""));
            let unit = unit.replace("1/(MBy/s)", "\"1/(MBy/s)\"");
            assert_eq!(advice, format!("write `{unit}`"), "for {written}");
        }
    }
}

#[test]
fn bytes_and_bits_are_not_bel_and_barn() {
    assert_eq!(
        help("B"),
        "write `By`; contracts do not accept `B`, the bel of UCUM"
    );
    assert_eq!(
        help("MB/s"),
        "write `MBy/s`; contracts do not accept `B`, the bel of UCUM"
    );
    assert_eq!(
        help("KiB"),
        "write `KiBy`; contracts do not accept `B`, the bel of UCUM"
    );
    assert_eq!(help("kb"), "write `kBy`; for bits, `kbit`");
    assert_eq!(
        help("PiB"),
        "write `TiBy`; UCUM has no binary prefix above `Ti`"
    );
    // The kelvin sign is `k` in lowercase, but has more bytes.
    assert_eq!(help("\u{212a}b"), "");
}

#[test]
fn counted_things_go_into_braces() {
    let note = "counted things go in braces, in the singular";
    #[rustfmt::skip]
    let counted = [
        ("requests", "{request}"), ("Errors", "{error}"), ("retries", "{retry}"),
        ("classes", "{class}"), ("matches", "{match}"), ("caches", "{cache}"), ("status", "{status}"),
        ("HTTPRequests", "{HTTPRequest}"), ("data points", "{data_point}"), ("http2", "{http2}"),
        ("usd", "{USD}"), ("requests/sec", "{request}/s"), ("invoices per day", "{invoice}/d"),
        ("requests_per_second", "{request}/s"), ("rps", "{request}/s"),
    ];
    for (written, unit) in counted {
        assert_eq!(help(written), format!("write `\"{unit}\"`; {note}"));
    }
    for vague in ["count", "number", "count/s", "x", "s_m"] {
        assert_eq!(help(vague), "");
    }
}

#[test]
fn the_invalid_part_is_named() {
    let reasons = [
        ("seconds", ""),
        ("requests/sec", "`requests` and `sec` are not in UCUM"),
        ("By/sec", "`sec` is not in UCUM"),
        ("By/kmin", "`min` cannot have a prefix"),
        ("m^2", "`^2` is not an exponent"),
        ("s-", "`-` is not an exponent"),
        ("10*x", "`x` is not an exponent"),
        ("-1", "`-1` is not an exponent"),
        ("60s", "`60s` joins a number and a unit"),
        ("(m/s", "`(` is not closed"),
        ("m)/s", "unmatched `)`"),
        ("{retry", "`{` is not closed"),
        ("retry}", "unmatched `}`"),
        ("{a{b}}", "`{` inside braces"),
        ("{}", "the braces are empty"),
        ("{größe}", "`ö` is not ASCII"),
        ("[in_i", "`[` is not closed"),
        ("By//s", "nothing between `/` and `/`"),
        ("By/", "nothing after `/`"),
        (".s", "nothing before `.`"),
        ("1{request}", "a number cannot have braces"),
        ("{a}{b}", "`.` or `/` is missing before `{b}`"),
        ("(m)s", "`.` or `/` is missing before `s`"),
        ("By per s", "it contains a space"),
    ];
    for (unit, expected) in reasons {
        assert_eq!(reason(unit), expected, "{unit}");
    }
    let long = format!("{{{}}}", "a".repeat(LONGEST - 1));
    assert_eq!(
        reason(&long),
        "it has 64 characters, and OpenTelemetry allows at most 63"
    );
    assert_eq!(check(&long.replacen("aa", "a", 1)), Ok(()));
}

/// Random numbers from a fixed seed (splitmix64), so that all runs are equal.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % limit as u64).expect("below the limit")
    }

    fn of<'a>(&mut self, items: &[&'a str]) -> &'a str {
        items[self.below(items.len())]
    }

    /// Generates a component of the grammar.
    fn component(&mut self, depth: usize) -> String {
        match self.below(6) {
            0 => self.of(&["{request}", "{GC-cycle}", "{!}"]).to_owned(),
            1 => self.of(&["1", "60", "1000"]).to_owned(),
            2 if depth > 0 => format!("({})", self.term(depth - 1)),
            _ => {
                let name = match self.below(3) {
                    0 => self.of(table::PLAIN).to_owned(),
                    1 => self.of(table::METRIC).to_owned(),
                    _ => self.of(table::PREFIXES).to_owned() + self.of(table::METRIC),
                };
                let exponent = self.of(&["", "", "2", "-1", "+3"]);
                name + exponent + self.of(&["", "", "{x}"])
            }
        }
    }

    fn term(&mut self, depth: usize) -> String {
        let mut term = self.component(depth);
        for _ in 0..self.below(3) {
            term = term + self.of(&[".", "/"]) + &self.component(depth);
        }
        term
    }
}

#[test]
fn every_unit_of_the_grammar_is_valid() {
    let mut numbers = Numbers(1);
    for _ in 0..2_000 {
        let unit = numbers.of(&["", "/"]).to_owned() + &numbers.term(2);
        if unit.len() <= LONGEST && !unit.contains("ft") {
            assert_eq!(check(&unit), Ok(()), "{unit}");
        }
    }
}

#[test]
fn every_suggestion_is_a_valid_unit() {
    #[rustfmt::skip]
    let pieces = [
        "s", "B", "kb", "requests", " ", " per ", ".", "/", "(", ")", "{", "}", "[", "]", "*", "^", "-",
        "+", "2", "10", "10*", "²", "µ", "°", "min", "k", "_", "\u{212a}", "\n", "count", "%", "'", "é",
    ];
    let mut numbers = Numbers(2);
    for _ in 0..5_000 {
        let count = 1 + numbers.below(8);
        let unit: String = (0..count).map(|_| numbers.of(&pieces)).collect();
        match check(&unit) {
            Ok(()) => assert!(unit.bytes().all(|byte| byte.is_ascii_graphic()), "{unit}"),
            Err(UnitError { help: None, .. }) => {}
            Err(UnitError {
                help: Some(help), ..
            }) => {
                let advised = help
                    .strip_prefix("write `")
                    .and_then(|rest| rest.split_once('`'));
                if let Some((advised, _)) = advised {
                    let advised = advised.trim_matches('"');
                    assert_eq!(check(advised), Ok(()), "advised for {unit}: {help}");
                }
            }
        }
    }
}
