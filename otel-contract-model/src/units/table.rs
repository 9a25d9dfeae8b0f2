//! The case-sensitive codes of UCUM (`c/s`).
//!
//! The table has all of UCUM except its clinical, biological, typographic and historical units. It also omits codes
//! that users write with another meaning: `B` (bel), `b` (barn), `Gb` (gilbert), `ph` (phot, as in `mph`) and `ft`
//! (femtotonne).

/// The prefixes of metric atoms.
pub(super) const PREFIXES: &[&str] = &[
    "Y", "Z", "E", "P", "T", "G", "M", "k", "h", "da", "d", "c", "m", "u", "n", "p", "f", "a", "z",
    "y", "Ki", "Mi", "Gi", "Ti",
];

/// Atoms that can have a prefix.
#[rustfmt::skip]
pub(super) const METRIC: &[&str] = &[
    // Base and derived units.
    "m", "s", "g", "rad", "K", "C", "cd",
    "mol", "sr", "Hz", "N", "Pa", "J", "W", "A", "V", "F", "Ohm", "S", "Wb", "Cel", "T", "H", "lm",
    "lx", "Bq", "Gy", "Sv",
    // Information.
    "bit", "By", "Bd",
    // Used with the SI.
    "l", "L", "ar", "t", "bar", "u", "eV", "pc", "gf", "m[H2O]", "m[Hg]", "mho",
    // Constants.
    "[c]", "[h]", "[k]", "[eps_0]", "[mu_0]", "[e]", "[m_e]", "[m_p]", "[G]", "[g]", "[ly]",
    // Centimetre, gram, second.
    "Ky", "Gal", "dyn", "erg", "P", "St", "Mx", "G", "Oe", "Ci", "R", "RAD", "REM",
    // Heat and chemistry.
    "cal", "cal_[15]", "cal_[20]", "cal_m", "cal_IT", "cal_th",
    "eq", "osm", "kat", "U", "[iU]", "[IU]",
    // Levels.
    "Np", "B[SPL]", "B[V]", "B[mV]", "B[uV]", "B[10.nV]", "B[W]", "B[kW]",
];

/// Atoms without a prefix.
#[rustfmt::skip]
pub(super) const PLAIN: &[&str] = &[
    // Numbers.
    "10*", "10^", "[pi]", "%", "[ppth]", "[ppm]", "[ppb]", "[pptr]", "bit_s",
    // Time.
    "min", "h", "d", "wk", "mo", "mo_s", "mo_j", "mo_g", "a", "a_t", "a_j", "a_g",
    // Angles.
    "deg", "'", "''", "gon", "circ", "sph",
    // Temperature, pressure, energy, power, force.
    "[degF]", "[degR]", "atm", "att", "[psi]", "[in_i'H2O]", "[in_i'Hg]",
    "[Cal]", "[Btu]", "[Btu_39]", "[Btu_59]", "[Btu_60]", "[Btu_m]", "[Btu_IT]", "[Btu_th]",
    "[HP]", "[lbf_av]",
    // Lengths and areas.
    "AU", "Ao", "[in_i]", "[ft_i]", "[yd_i]", "[mi_i]", "[fth_i]", "[nmi_i]", "[kn_i]", "[mil_i]",
    "[hd_i]", "[sin_i]", "[sft_i]", "[syd_i]", "[cml_i]", "[mesh_i]", "[diop]",
    "[in_us]", "[ft_us]", "[yd_us]", "[rd_us]", "[ch_us]", "[lk_us]", "[fth_us]", "[fur_us]",
    "[mi_us]", "[mil_us]", "[acr_us]", "[srd_us]", "[smi_us]", "[sct]", "[twp]",
    "[in_br]", "[ft_br]", "[yd_br]", "[mi_br]", "[nmi_br]", "[kn_br]", "[acr_br]",
    // Volumes.
    "[cin_i]", "[cft_i]", "[cyd_i]", "[bf_i]", "[cr_i]",
    "[gal_us]", "[bbl_us]", "[qt_us]", "[pt_us]", "[gil_us]", "[foz_us]", "[fdr_us]", "[bu_us]",
    "[pk_us]", "[dqt_us]", "[dpt_us]", "[tbs_us]", "[tsp_us]", "[cup_us]",
    "[gal_br]", "[qt_br]", "[pt_br]", "[foz_br]", "[bu_br]",
    // Masses.
    "[gr]", "[lb_av]", "[oz_av]", "[dr_av]", "[scwt_av]", "[lcwt_av]", "[ston_av]", "[lton_av]",
    "[stone_av]", "[oz_tr]", "[lb_tr]", "[car_m]", "[car_Au]",
    // Acidity.
    "[pH]",
    // Decibel is included, although the bel (`B`) is not.
    "dB",
    // Revolutions per minute: not in UCUM, but a unit of the semantic conventions (`hw.fan.speed`).
    "rpm",
];

/// Returns whether a name is a unit: an atom, or a prefix and a metric atom.
pub(super) fn is_unit(name: &str) -> bool {
    let prefixed = |prefix: &&str| {
        let atom = name.strip_prefix(*prefix);
        atom.is_some_and(|atom| METRIC.contains(&atom))
    };
    let is_atom = METRIC.contains(&name) || PLAIN.contains(&name);
    is_atom || (name != "ft" && PREFIXES.iter().any(prefixed))
}

/// Returns the atom in a name that consists of a prefix and an atom that allows no prefix. The year (`a`) is excluded:
/// `ma` rarely means milliyear.
pub(super) fn plain_after_prefix(name: &str) -> Option<&str> {
    let mut atoms = PREFIXES
        .iter()
        .filter_map(|prefix| name.strip_prefix(*prefix));
    atoms.find(|atom| *atom != "a" && PLAIN.contains(atom))
}

/// Returns the unit that differs from a name only in case. If there are several, returns the unit with the fewest
/// differences. Single letters are excluded, because they are ambiguous.
pub(super) fn in_another_case(name: &str) -> Option<String> {
    if name.len() < 2 {
        return None;
    }
    let alike = |unit: &&str, written: &str| unit.eq_ignore_ascii_case(written);
    let mut units = Vec::new();
    for atom in PLAIN.iter().chain(METRIC) {
        if alike(atom, name) {
            units.push((*atom).to_owned());
        }
    }
    for prefix in PREFIXES {
        let Some((written, rest)) = name.split_at_checked(prefix.len()) else {
            continue;
        };
        if alike(prefix, written) {
            let atoms = METRIC.iter().filter(|atom| alike(atom, rest));
            units.extend(atoms.map(|atom| format!("{prefix}{atom}")));
        }
    }
    units.retain(|unit| is_unit(unit));
    let same = |unit: &String| {
        unit.bytes()
            .zip(name.bytes())
            .filter(|(a, b)| a == b)
            .count()
    };
    units.into_iter().max_by_key(same)
}

/// Returns the atom that a name abbreviates by omitting brackets or a suffix: `[psi]` for `psi`, `[ft_i]` for `[ft]`.
pub(super) fn in_brackets(name: &str) -> Option<&'static str> {
    let inner = |atom: &'static str| atom.strip_prefix('[')?.strip_suffix(']');
    let mut atoms = PLAIN.iter().chain(METRIC).copied();
    match name
        .strip_prefix('[')
        .and_then(|name| name.strip_suffix(']'))
    {
        Some(name) => atoms
            .find(|atom| inner(atom).is_some_and(|inner| inner.split('_').next() == Some(name))),
        None => atoms.find(|atom| name.len() > 1 && inner(atom) == Some(name)),
    }
}
