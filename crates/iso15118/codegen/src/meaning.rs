//! What the schemas do not say: the meaning and unit of elements, by name. The standards' tables of the message parameters
//! give them; names that say it themselves have no row.

/// `(name, what it is)`.
const MEANINGS: &[(&str, &str)] = &[
    ("AckMaxDelay", "within which the vehicle acknowledges a request of the charger; unit s"),
    ("BulkChargingComplete", "the vehicle's goal of bulk charging is reached"),
    (
        "CPSCertificateChain",
        "of the certificate provisioning service, which signed the installation data",
    ),
    ("ChargingComplete", "the vehicle needs no more energy"),
    ("ChargingProfileEntryStart", "offset from the start of the schedule; unit s"),
    ("ChargingProfileEntryMaxNumberOfPhasesInUse", "1 to 3 phases"),
    (
        "ContractSignatureEncryptedPrivateKey",
        "the contract's private key, encrypted for the vehicle",
    ),
    ("DHPublicKey", "ephemeral public key of the sender, from which the envelope's key is derived"),
    ("DHpublickey", "ephemeral public key of the sender, from which the envelope's key is derived"),
    ("DateTimeNow", "the charger's time; unit s since 1970-01-01T00:00Z"),
    ("DepartureTime", "offset from now until the vehicle leaves; unit s"),
    ("Duration", "unit s"),
    ("EAmount", "energy that the vehicle wants; unit Wh"),
    ("EMAID", "e-mobility account identifier of a contract"),
    ("EPriceLevel", "relative price, 0 the lowest"),
    ("EVCCID", "identifier of the vehicle's communication controller, its MAC address before -20"),
    ("EVErrorCode", "the vehicle's state, NO_ERROR in the normal case"),
    ("EVProcessing", "whether the vehicle still computes its profile"),
    ("EVRESSSOC", "state of charge of the vehicle's battery; unit %"),
    ("EVReady", "the vehicle is ready to charge"),
    ("EVSECurrentRegulationTolerance", "absolute; unit A"),
    ("EVSEEnergyToBeDelivered", "unit Wh"),
    ("EVSEID", "identifier of the charging point"),
    ("EVSENotification", "what the charger asks of the vehicle"),
    ("EVSEPeakCurrentRipple", "peak to peak; unit A"),
    ("EVSEPowerRampLimitation", "unit W/s"),
    ("EVSEProcessing", "Ongoing: ask again; Finished: the answer stands"),
    ("EVSETimeStamp", "the charger's time; unit s since 1970-01-01T00:00Z"),
    ("Exponent", "power of ten"),
    ("FaultMsg", "text for people"),
    ("FreeService", "costs nothing"),
    ("FullSOC", "state of charge that the vehicle takes as full; unit %"),
    ("GenChallenge", "16 octets of the charger that the vehicle signs"),
    ("MaxEntriesSAScheduleTuple", "how many entries of a schedule the vehicle can hold"),
    ("MaximumPowerAsymmetry", "between two phases; unit W"),
    ("MaximumSupportingPoints", "how many entries of a schedule the vehicle can hold"),
    ("MeterID", "serial number of the meter"),
    ("MeterReading", "energy; unit Wh"),
    ("MeterTimestamp", "unit s since 1970-01-01T00:00Z"),
    ("Multiplier", "power of ten, -3 to 3"),
    ("NotificationMaxDelay", "within which the vehicle does what the charger asks; unit s"),
    ("NumEPriceLevels", "how many price levels the tariff has"),
    ("OverstayFeePeriod", "unit s"),
    ("OverstayTimeThreshold", "unit s"),
    ("PMax", "most power in the interval; unit W"),
    ("ParkingFeePeriod", "unit s"),
    ("PowerRangeStart", "the rule holds from this power on; unit W"),
    ("PowerSwitchClosed", "the contactor of the charger is closed"),
    ("RCD", "the residual current device has tripped"),
    ("ReadyToChargeState", "true starts, false ends the energy transfer"),
    ("ReceiptRequired", "the vehicle must sign a receipt of the meter reading"),
    ("RetryCounter", "days until the vehicle may ask again; -1: never"),
    ("SAScheduleTupleID", "number by which the vehicle chooses the schedule"),
    ("SessionID", "number of the session, given by the charger"),
    ("SigMeterReading", "the meter's signature of its reading"),
    ("TMeter", "time of the reading; unit s since 1970-01-01T00:00Z"),
    ("TaxRate", "unit %"),
    ("TimeAnchor", "start of the schedule; unit s since 1970-01-01T00:00Z"),
    ("TimeStamp", "when the message was made; unit s since 1970-01-01T00:00Z"),
    ("amountMultiplier", "power of ten, -3 to 3"),
    ("duration", "of the last interval of a schedule; unit s"),
    ("eMAID", "e-mobility account identifier of a contract"),
    ("start", "offset from the start of the schedule; unit s"),
    ("startValue", "the costs hold from this power on; unit W"),
];

/// Quantities by a part of their names, the first that fits; for physical values and rational numbers.
const QUANTITIES: &[(&str, &str)] = &[
    ("RemainingTime", "unit s"),
    ("Frequency", "unit Hz"),
    ("ReactivePower", "unit var"),
    ("Voltage", "unit V"),
    ("Current", "unit A"),
    ("Power", "unit W"),
    ("Energy", "unit Wh"),
    ("RSSI", "unit dBm"),
];

/// What an element is, if its name does not say all.
pub fn of(name: &str, is_quantity: bool) -> Option<&'static str> {
    let exact = MEANINGS.iter().find(|row| row.0 == name);
    let found = exact.or_else(|| {
        let quantity = is_quantity && !name.ends_with("Fee");
        quantity.then(|| QUANTITIES.iter().find(|row| name.contains(row.0)))?
    });
    let by_suffix = || match name {
        _ if name.ends_with("ReadingWh") => Some("unit Wh"),
        _ if name.ends_with("ReadingVARh") => Some("unit varh"),
        _ if name.starts_with("RemainingTimeTo") => Some("unit s"),
        _ if name.ends_with("SOC") => Some("unit %"),
        _ => None,
    };
    found.map(|row| row.1).or_else(by_suffix)
}
