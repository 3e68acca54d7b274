//! The time-of-use tariff engine: a session's running cost and bill, to the last unit the same as on the platform.

use core::ffi::c_char;
use core::mem::MaybeUninit;

use evse_tariff::{
    Band, Calendar, CalendarRule, DateRange, DayTable, Days, Error, MAX_TOUCHED_RATES,
    MicroWattHours, MonthDay, Policy, PosixTz, PricePerKwh, Rate, Reading, Session, TableError,
    Tariff, TimeOfUse, Timestamp, Weekdays, settlement,
};

use crate::memory::{self, Stored};
use crate::status::evse_status_t::{
    self, EVSE_ARGUMENT, EVSE_NULL, EVSE_OVERFLOW, EVSE_READING, EVSE_TOO_SMALL,
};

/// Most rates of a tariff, and most lines of a bill.
pub const EVSE_TARIFF_RATES: usize = 16;

const _: () = assert!(EVSE_TARIFF_RATES == MAX_TOUCHED_RATES);

/// Most day tables of a tariff.
pub const EVSE_TARIFF_DAYS: usize = 4;
/// Most calendar rules of a tariff.
pub const EVSE_TARIFF_RULES: usize = 8;

/// How a contract rounds.
#[repr(u8)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum evse_tariff_policy_t {
    /// Exact shares and sums; each fee is rounded once to the fen, at the end.
    EVSE_TARIFF_ROUND_ONCE,
    /// As the transaction records of the YunKuaiChong family: the register cut at 0.1 Wh, energy and amounts of each rate
    /// to four decimals, the sum settled to the fen.
    EVSE_TARIFF_YKC,
}

const ROUND_ONCE: u8 = evse_tariff_policy_t::EVSE_TARIFF_ROUND_ONCE as u8;
const YKC: u8 = evse_tariff_policy_t::EVSE_TARIFF_YKC as u8;

/// A price row.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct evse_tariff_rate_t {
    /// What the tariff calls it: 1 sharp, 2 peak, 3 flat, 4 valley, 5 deep valley, others by their number. It names a price
    /// and decides none.
    pub band: u8,
    /// Electricity fee, in 10⁻⁶ currency units per kWh.
    pub electricity: i64,
    /// Service fee, likewise.
    pub service: i64,
}

/// Which day table holds when: the first rule that fits, else the first table.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct evse_tariff_rule_t {
    /// First month of the season, 1 to 12; 0 for the whole year.
    pub first_month: u8,
    /// First day of the season.
    pub first_day: u8,
    /// Last month of the season, included; before the first it runs over the turn of the year.
    pub last_month: u8,
    /// Last day of the season, included.
    pub last_day: u8,
    /// Weekdays: bit 0 Monday to bit 6 Sunday.
    pub weekdays: u8,
    /// Index of the day table.
    pub table: u8,
}

/// A tariff. Zero it or initialise it; its content is not for others.
#[repr(C)]
#[derive(Debug)]
pub struct evse_tariff_t {
    /// Not for others.
    pub opaque: [u64; 192],
}

/// A session being metered. Zero it or initialise it; its content is not for others.
#[repr(C)]
#[derive(Debug)]
pub struct evse_tariff_session_t {
    /// Not for others.
    pub opaque: [u64; 66],
}

/// What a session costs under one rate.
#[repr(C)]
#[derive(Debug, Clone, Copy, Default)]
pub struct evse_tariff_line_t {
    /// Index of the rate.
    pub rate: u8,
    /// Energy billed, in µWh, the share of a µWh rounded half-up.
    pub energy: i64,
    /// Electricity fee, in 10⁻⁶ currency units.
    pub electricity: i64,
    /// Service fee, likewise.
    pub service: i64,
}

/// A bill, or the running cost.
#[repr(C)]
#[derive(Debug, Clone, Copy, Default)]
pub struct evse_tariff_bill_t {
    /// Time of the first reading, in milliseconds of Unix time.
    pub start_ms: i64,
    /// Time of the last reading.
    pub end_ms: i64,
    /// Energy metered, in µWh.
    pub energy: i64,
    /// Electricity fee, in 10⁻⁶ currency units.
    pub electricity: i64,
    /// Service fee, likewise.
    pub service: i64,
    /// Payable, likewise: both fees.
    pub total: i64,
    /// The total minus the fees of all lines, likewise.
    pub rounding_difference: i64,
    /// How many lines there are.
    pub line_count: u8,
    /// A line for each rate that the session touched.
    pub lines: [evse_tariff_line_t; EVSE_TARIFF_RATES],
}

/// The price now and its next change.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct evse_tariff_price_t {
    /// The rate.
    pub rate: evse_tariff_rate_t,
    /// Whether another rate comes within eight days.
    pub changes: bool,
    /// When, in milliseconds of Unix time.
    pub change_ms: i64,
}

/// The parts of a tariff, owned: what [`TimeOfUse`] borrows.
struct Parts {
    rates: [Rate; EVSE_TARIFF_RATES],
    rate_count: usize,
    days: [DayTable; EVSE_TARIFF_DAYS],
    day_count: usize,
    rules: [CalendarRule; EVSE_TARIFF_RULES],
    rule_count: usize,
    zone: PosixTz,
    policy: Policy,
}

impl Parts {
    fn tariff(&self) -> Result<Tariff<'_, PosixTz>, evse_status_t> {
        let rates = self.rates.get(..self.rate_count).unwrap_or_default();
        let days = self.days.get(..self.day_count).unwrap_or_default();
        let rules = self.rules.get(..self.rule_count).unwrap_or_default();
        let table =
            TimeOfUse::new(rates, days, Calendar { rules, day_lists: &[], default_table: 0 })?;
        Ok(Tariff { table, zone: self.zone, policy: self.policy })
    }
}

impl From<TableError> for evse_status_t {
    fn from(error: TableError) -> Self {
        match error {
            TableError::PriceOverflow { .. } => EVSE_OVERFLOW,
            _ => EVSE_ARGUMENT,
        }
    }
}

impl From<Error> for evse_status_t {
    fn from(error: Error) -> Self {
        match error {
            Error::TimeWentBack { .. }
            | Error::RegisterFell { .. }
            | Error::GapTooLong { .. }
            | Error::NoReading => EVSE_READING,
            Error::TooManyRates => EVSE_TOO_SMALL,
            Error::UnknownRate { .. } => EVSE_ARGUMENT,
            _ => EVSE_OVERFLOW,
        }
    }
}

fn rate_of(rate: &evse_tariff_rate_t) -> Rate {
    let band = match rate.band {
        1 => Band::Sharp,
        2 => Band::Peak,
        3 => Band::Flat,
        4 => Band::Valley,
        5 => Band::DeepValley,
        number => Band::Numbered(number),
    };
    let [electricity, service] = [rate.electricity, rate.service].map(PricePerKwh::from_raw);
    Rate { band, electricity, service }
}

fn rate_for_c(rate: &Rate) -> evse_tariff_rate_t {
    let band = match rate.band {
        Band::Sharp => 1,
        Band::Peak => 2,
        Band::Flat => 3,
        Band::Valley => 4,
        Band::DeepValley => 5,
        Band::Numbered(number) => number,
        _ => 0,
    };
    let (electricity, service) = (rate.electricity.raw(), rate.service.raw());
    evse_tariff_rate_t { band, electricity, service }
}

/// Makes a tariff of one day table, which holds every day: `half_hours` has the index of a rate for each half hour of the
/// local day, 00:00 first. `policy` is an [`evse_tariff_policy_t`]. `zone` is a POSIX TZ string (`CST-8` for China, `CET-1CEST,M3.5.0,M10.5.0/3` for central
/// Europe).
///
/// # Safety
/// `rates` points to `rate_count` rates and `half_hours` to 48 bytes; `zone` is ended by NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn evse_tariff_init(
    tariff: Option<&mut MaybeUninit<evse_tariff_t>>,
    rates: *const evse_tariff_rate_t,
    rate_count: usize,
    half_hours: *const u8,
    zone: *const c_char,
    policy: u8,
) -> evse_status_t {
    let make = || {
        // SAFETY: the caller's promise.
        let (given, zone) = unsafe { (memory::slice(rates, rate_count)?, memory::text(zone)?) };
        let first = *given.first().ok_or(EVSE_ARGUMENT)?;
        let mut rates = [rate_of(&first); EVSE_TARIFF_RATES];
        let room = rates.get_mut(..rate_count).ok_or(EVSE_TOO_SMALL)?;
        for (to, from) in room.iter_mut().zip(given) {
            *to = rate_of(from);
        }
        // SAFETY: the caller's promise.
        let day = DayTable::from_half_hours(*unsafe { memory::array(half_hours) }?);
        let rule = CalendarRule {
            dates: DateRange::Always,
            weekdays: Weekdays::all(),
            days: Days::Any,
            table: 0,
        };
        let parts = Parts {
            rates,
            rate_count,
            days: [day; EVSE_TARIFF_DAYS],
            day_count: 1,
            rules: [rule; EVSE_TARIFF_RULES],
            rule_count: 0,
            zone: PosixTz::parse(zone).map_err(|_| EVSE_ARGUMENT)?,
            policy: match policy {
                ROUND_ONCE => Policy::ROUND_ONCE,
                YKC => Policy::YKC,
                _ => return Err(EVSE_ARGUMENT),
            },
        };
        parts.tariff()?;
        Ok(parts)
    };
    match make() {
        Ok(parts) => Stored::put(tariff, parts),
        Err(status) => status,
    }
}

/// Changes a tariff if the outcome is one.
///
/// # Safety
/// As for [`Stored::of`].
unsafe fn change(
    tariff: *mut evse_tariff_t,
    then: impl FnOnce(&mut Parts) -> Result<(), evse_status_t>,
) -> evse_status_t {
    // SAFETY: the caller's promise.
    let parts: Result<&mut Parts, _> = unsafe { Stored::of(tariff) };
    let change = |parts: &mut Parts| {
        let before = (parts.day_count, parts.rule_count, parts.policy);
        let outcome = then(parts).and_then(|()| parts.tariff().map(|_| ()));
        if outcome.is_err() {
            (parts.day_count, parts.rule_count, parts.policy) = before;
        }
        outcome
    };
    parts.and_then(change).into()
}

/// Adds a day table for rules to name; the first one added has index 1.
///
/// # Safety
/// `tariff` is null, zeroed, or initialised, and no other thread uses it now; `half_hours` points to 48 bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn evse_tariff_add_day(
    tariff: *mut evse_tariff_t,
    half_hours: *const u8,
) -> evse_status_t {
    // SAFETY: the caller's promise.
    unsafe {
        change(tariff, |parts| {
            let day = DayTable::from_half_hours(*memory::array(half_hours)?);
            *parts.days.get_mut(parts.day_count).ok_or(EVSE_TOO_SMALL)? = day;
            parts.day_count += 1;
            Ok(())
        })
    }
}

/// Adds a calendar rule; earlier ones go first.
///
/// # Safety
/// As for [`evse_tariff_add_day`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn evse_tariff_add_rule(
    tariff: *mut evse_tariff_t,
    rule: Option<&evse_tariff_rule_t>,
) -> evse_status_t {
    // SAFETY: the caller's promise.
    unsafe {
        change(tariff, |parts| {
            let rule = rule.ok_or(EVSE_NULL)?;
            let day = |month, day| MonthDay::new(month, day).ok_or(EVSE_ARGUMENT);
            let dates = match rule.first_month {
                0 => DateRange::Always,
                month => DateRange::Yearly {
                    first: day(month, rule.first_day)?,
                    last: day(rule.last_month, rule.last_day)?,
                },
            };
            let weekdays = Weekdays::from_bits(rule.weekdays).ok_or(EVSE_ARGUMENT)?;
            let row = CalendarRule { dates, weekdays, days: Days::Any, table: rule.table };
            *parts.rules.get_mut(parts.rule_count).ok_or(EVSE_TOO_SMALL)? = row;
            parts.rule_count += 1;
            Ok(())
        })
    }
}

/// Adds a loss to the metered energy (计损), in 10⁻⁴.
///
/// # Safety
/// As for [`evse_tariff_add_day`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn evse_tariff_set_loss(
    tariff: *mut evse_tariff_t,
    loss_bp: u16,
) -> evse_status_t {
    // SAFETY: the caller's promise.
    unsafe {
        change(tariff, |parts| {
            parts.policy.loss_bp = loss_bp;
            Ok(())
        })
    }
}

/// The price at an instant of Unix time, in milliseconds, and its next change, for the display.
///
/// # Safety
/// As for [`evse_tariff_add_day`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn evse_tariff_price_at(
    tariff: *mut evse_tariff_t,
    at_ms: i64,
    price: Option<&mut evse_tariff_price_t>,
) -> evse_status_t {
    let look = || {
        // SAFETY: the caller's promise.
        let parts: &mut Parts = unsafe { Stored::of(tariff) }?;
        let now = parts.tariff()?.price_at(Timestamp::from_unix_millis(at_ms));
        let now = now.ok_or(EVSE_ARGUMENT)?;
        *price.ok_or(EVSE_NULL)? = evse_tariff_price_t {
            rate: rate_for_c(&now.rate),
            changes: now.next_change.is_some(),
            change_ms: now.next_change.map_or(0, Timestamp::unix_millis),
        };
        Ok(())
    };
    look().into()
}

/// Begins a session.
#[unsafe(no_mangle)]
pub extern "C" fn evse_tariff_session_init(
    session: Option<&mut MaybeUninit<evse_tariff_session_t>>,
) -> evse_status_t {
    Stored::put(session, Session::new())
}

/// Takes a reading of the energy register: Unix time in milliseconds, `register_uwh` in µWh. The first begins the session. A reading
/// that is refused changes nothing.
///
/// # Safety
/// Both states are null, zeroed, or initialised, and no other thread uses them now.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn evse_tariff_session_reading(
    session: *mut evse_tariff_session_t,
    tariff: *mut evse_tariff_t,
    at_ms: i64,
    register_uwh: i64,
) -> evse_status_t {
    let take = || {
        // SAFETY: the caller's promise.
        let (session, parts) =
            unsafe { (Stored::<Session>::of(session)?, Stored::<Parts>::of(tariff)?) };
        let at = Timestamp::from_unix_millis(at_ms);
        let register = MicroWattHours::from_raw(register_uwh);
        session.handle_reading(&parts.tariff()?, Reading { at, register })?;
        Ok(())
    };
    take().into()
}

/// The bill for what was metered so far: the running cost during the session, the bill at its end.
///
/// # Safety
/// As for [`evse_tariff_session_reading`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn evse_tariff_session_bill(
    session: *mut evse_tariff_session_t,
    tariff: *mut evse_tariff_t,
    bill: Option<&mut evse_tariff_bill_t>,
) -> evse_status_t {
    let make = || {
        // SAFETY: the caller's promise.
        let (session, parts) =
            unsafe { (Stored::<Session>::of(session)?, Stored::<Parts>::of(tariff)?) };
        let made = session.bill(&parts.tariff()?)?;
        let out = bill.ok_or(EVSE_NULL)?;
        *out = evse_tariff_bill_t {
            start_ms: made.start.at.unix_millis(),
            end_ms: made.end.at.unix_millis(),
            energy: made.energy.raw(),
            electricity: made.electricity.raw(),
            service: made.service.raw(),
            total: made.total.raw(),
            rounding_difference: made.rounding_difference.raw(),
            ..evse_tariff_bill_t::default()
        };
        for (to, line) in out.lines.iter_mut().zip(made.lines()) {
            *to = evse_tariff_line_t {
                rate: line.index,
                energy: line.billed_energy.to_nearest().raw(),
                electricity: line.electricity.raw(),
                service: line.service.raw(),
            };
            out.line_count += 1;
        }
        Ok(())
    };
    make().into()
}

/// Shares an amount of minor units out by weights, largest remainder first: the parts add up to the total.
///
/// # Safety
/// `weights` and `parts` point to `count` values each.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn evse_settlement_split(
    total: i64,
    weights: *const u64,
    parts: *mut i64,
    count: usize,
) -> evse_status_t {
    let split = || {
        // SAFETY: the caller's promise.
        let (weights, parts) =
            unsafe { (memory::slice(weights, count)?, memory::slice_mut(parts, count)?) };
        settlement::split(total, weights, parts).map_err(|_| EVSE_ARGUMENT)
    };
    split().into()
}
