//! Numbers as decimal text.

use evse_tariff::ExactMoney;

/// `value * 10^-places` without zeros at the end.
pub(crate) fn decimal(value: i128, places: u32) -> String {
    let text = fixed(value, places);
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// `value * 10^-places` with exactly that many decimals.
pub(crate) fn fixed(value: i128, places: u32) -> String {
    let unit = 10u128.pow(places);
    let magnitude = value.unsigned_abs();
    let sign = if value < 0 { "-" } else { "" };
    let (whole, fraction) = (magnitude / unit, magnitude % unit);
    if places == 0 {
        return format!("{sign}{whole}");
    }
    let width = usize::try_from(places).unwrap_or(0);
    format!("{sign}{whole}.{fraction:0width$}")
}

/// Unrounded, or to twelve decimals where it does not end.
pub(crate) fn money(money: ExactMoney) -> String {
    money.to_string()
}
