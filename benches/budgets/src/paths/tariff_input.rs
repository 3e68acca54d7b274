//! The tariff of 10 elements and the record of 20 periods that the OCPI paths and the peers of `benches/peers` work on.

use core::fmt::Write;

/// Six prices by time of day and weekday, two by energy and duration, fees and parking.
pub(crate) fn tariff_json() -> String {
    let mut elements = Vec::new();
    for (at, (start, end, days)) in [
        ("07:00", "10:00", r#"["MONDAY","TUESDAY","WEDNESDAY","THURSDAY","FRIDAY"]"#),
        ("10:00", "16:00", r#"["MONDAY","TUESDAY","WEDNESDAY","THURSDAY","FRIDAY"]"#),
        ("16:00", "21:00", r#"["MONDAY","TUESDAY","WEDNESDAY","THURSDAY","FRIDAY"]"#),
        ("21:00", "07:00", r#"["MONDAY","TUESDAY","WEDNESDAY","THURSDAY","FRIDAY"]"#),
        ("08:00", "20:00", r#"["SATURDAY","SUNDAY"]"#),
        ("20:00", "08:00", r#"["SATURDAY","SUNDAY"]"#),
    ]
    .into_iter()
    .enumerate()
    {
        elements.push(format!(
            r#"{{"price_components":[{{"type":"ENERGY","price":0.{}5,"vat":20.0,"step_size":1}}],"restrictions":{{"start_time":"{start}","end_time":"{end}","day_of_week":{days}}}}}"#,
            at + 2
        ));
    }
    for element in [
        r#"{"price_components":[{"type":"PARKING_TIME","price":6.00,"vat":20.0,"step_size":300}],"restrictions":{"min_duration":14400}}"#,
        r#"{"price_components":[{"type":"TIME","price":1.20,"vat":20.0,"step_size":60}],"restrictions":{"min_kwh":60.0}}"#,
        r#"{"price_components":[{"type":"FLAT","price":0.50,"vat":20.0,"step_size":1}]}"#,
        r#"{"price_components":[{"type":"ENERGY","price":0.30,"vat":20.0,"step_size":1},{"type":"TIME","price":0.60,"vat":20.0,"step_size":60}]}"#,
    ] {
        elements.push(element.to_owned());
    }
    format!(
        r#"{{"country_code":"DE","party_id":"ALL","id":"T1","currency":"EUR","type":"REGULAR","elements":[{}],"max_price":{{"excl_vat":60.00,"incl_vat":72.00}},"last_updated":"2024-01-01T00:00:00Z"}}"#,
        elements.join(",")
    )
}

/// Periods of a quarter of an hour, the last four parked.
pub(crate) fn record_json() -> String {
    let mut periods = String::new();
    for n in 0..20 {
        let (hour, minute) = (6 + n / 4, n % 4 * 15);
        let separator = if n == 0 { "" } else { "," };
        let dimensions = if n < 16 {
            format!(
                r#"{{"type":"ENERGY","volume":{}.{:04}}},{{"type":"TIME","volume":0.25}}"#,
                2 + n % 3,
                1_111 * (n % 9)
            )
        } else {
            r#"{"type":"PARKING_TIME","volume":0.25}"#.to_owned()
        };
        let _ = write!(
            periods,
            r#"{separator}{{"start_date_time":"2024-06-03T{hour:02}:{minute:02}:00Z","dimensions":[{dimensions}]}}"#
        );
    }
    format!(
        r#"{{"country_code":"DE","party_id":"ALL","id":"CDR1","start_date_time":"2024-06-03T06:00:00Z","end_date_time":"2024-06-03T11:00:00Z","session_id":"S1","cdr_token":{{"country_code":"DE","party_id":"ALL","uid":"012345678","type":"RFID","contract_id":"DE-ALL-C12345678-X"}},"auth_method":"WHITELIST","cdr_location":{{"id":"LOC1","address":"Street 1","city":"Town","postal_code":"12345","country":"DEU","coordinates":{{"latitude":"52.0","longitude":"13.0"}},"evse_uid":"1","evse_id":"DE*ALL*E1","connector_id":"1","connector_standard":"IEC_62196_T2_COMBO","connector_format":"CABLE","connector_power_type":"DC"}},"currency":"EUR","charging_periods":[{periods}],"total_cost":{{"excl_vat":20.0,"incl_vat":24.0}},"total_energy":50.0,"total_time":5.0,"last_updated":"2024-06-03T11:00:01Z"}}"#
    )
}
