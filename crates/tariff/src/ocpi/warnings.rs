//! What a price does not say by itself.

bitflags::bitflags! {
    /// What the reader of a price should know.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    pub struct Warnings: u32 {
        /// A period runs over a price change; all of it is priced as it began.
        const PERIOD_SPANS_PRICE_CHANGE = 1;
        /// A window of the tariff begins and ends at the same minute; it never holds.
        const UNDEFINED_TIME_WINDOW = 1 << 1;
        /// A restriction on power or current, and the period states none.
        const MISSING_QUANTITY = 1 << 2;
        /// Prices contain a tax that is not stated: the net amount is not known.
        const NET_UNKNOWN = 1 << 3;
        /// A component of a type OCPI does not know was left out.
        const UNKNOWN_COMPONENT = 1 << 4;
        /// A dimension OCPI does not know was left out.
        const UNKNOWN_DIMENSION = 1 << 5;
        /// A period has a dimension twice; the volumes were added.
        const REPEATED_DIMENSION = 1 << 6;
        /// The periods were not in order of time.
        const PERIODS_OUT_OF_ORDER = 1 << 7;
        /// A period begins before the session does, or at or after its end.
        const PERIODS_OUTSIDE_SESSION = 1 << 8;
        /// The total was lifted to the minimum.
        const TOTAL_CLAMPED_TO_MIN = 1 << 9;
        /// The total was lowered to the maximum.
        const TOTAL_CLAMPED_TO_MAX = 1 << 10;
        /// A number had more decimals than are kept.
        const NUMBER_ROUNDED = 1 << 11;
        /// The tariff is not valid at the start of the session.
        const TARIFF_NOT_VALID = 1 << 12;
        /// A period names a tariff that is not there.
        const UNKNOWN_TARIFF = 1 << 13;
        /// The currencies of record and tariff differ.
        const CURRENCY_DIFFERS = 1 << 14;
        /// A time is longer than its period.
        const TIME_EXCEEDS_PERIOD = 1 << 15;
        /// A reservation restriction has a price that no reservation can have; it was left out.
        const RESERVATION_COMPONENT = 1 << 16;
        /// The period has no duration.
        const EMPTY_PERIOD = 1 << 17;
    }
}

impl Warnings {
    /// The warnings as identifiers, as in `period_spans_price_change`.
    pub fn ids(self) -> impl Iterator<Item = &'static str> {
        const IDS: [(Warnings, &str); 18] = [
            (Warnings::PERIOD_SPANS_PRICE_CHANGE, "period_spans_price_change"),
            (Warnings::UNDEFINED_TIME_WINDOW, "undefined_time_window"),
            (Warnings::MISSING_QUANTITY, "missing_quantity"),
            (Warnings::NET_UNKNOWN, "net_unknown"),
            (Warnings::UNKNOWN_COMPONENT, "unknown_component"),
            (Warnings::UNKNOWN_DIMENSION, "unknown_dimension"),
            (Warnings::REPEATED_DIMENSION, "repeated_dimension"),
            (Warnings::PERIODS_OUT_OF_ORDER, "periods_out_of_order"),
            (Warnings::PERIODS_OUTSIDE_SESSION, "periods_outside_session"),
            (Warnings::TOTAL_CLAMPED_TO_MIN, "total_clamped_to_min"),
            (Warnings::TOTAL_CLAMPED_TO_MAX, "total_clamped_to_max"),
            (Warnings::NUMBER_ROUNDED, "number_rounded"),
            (Warnings::TARIFF_NOT_VALID, "tariff_not_valid"),
            (Warnings::UNKNOWN_TARIFF, "unknown_tariff"),
            (Warnings::CURRENCY_DIFFERS, "currency_differs"),
            (Warnings::TIME_EXCEEDS_PERIOD, "time_exceeds_period"),
            (Warnings::RESERVATION_COMPONENT, "reservation_component"),
            (Warnings::EMPTY_PERIOD, "empty_period"),
        ];
        IDS.into_iter().filter(move |(flag, _)| self.contains(*flag)).map(|(_, id)| id)
    }
}
