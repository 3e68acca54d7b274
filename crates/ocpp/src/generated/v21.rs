// @generated from the OCPP JSON schemas by `cargo run -p evse-ocpp-codegen`. Do not edit.

//! Messages of OCPP 2.1: a row per member.

use crate::message::schema::kinds::*;
use crate::message::{DateTime, Identifier, List, Number, Open, Text, Value};

pub use super::v2x::*;

actions! {
    V21;
    AFRR_SIGNAL = "AFRRSignal": Call(AfrrSignalRequest -> AfrrSignalResponse);
    ADJUST_PERIODIC_EVENT_STREAM = "AdjustPeriodicEventStream": Call(AdjustPeriodicEventStreamRequest -> AdjustPeriodicEventStreamResponse);
    AUTHORIZE = "Authorize": Call(AuthorizeRequest -> AuthorizeResponse);
    BATTERY_SWAP = "BatterySwap": Call(BatterySwapRequest -> BatterySwapResponse);
    BOOT_NOTIFICATION = "BootNotification": Call(BootNotificationRequest -> BootNotificationResponse);
    CANCEL_RESERVATION = "CancelReservation": Call(CancelReservationRequest -> CancelReservationResponse);
    CERTIFICATE_SIGNED = "CertificateSigned": Call(CertificateSignedRequest -> CertificateSignedResponse);
    CHANGE_AVAILABILITY = "ChangeAvailability": Call(ChangeAvailabilityRequest -> ChangeAvailabilityResponse);
    CHANGE_TRANSACTION_TARIFF = "ChangeTransactionTariff": Call(ChangeTransactionTariffRequest -> ChangeTransactionTariffResponse);
    CLEAR_CACHE = "ClearCache": Call(ClearCacheRequest -> ClearCacheResponse);
    CLEAR_CHARGING_PROFILE = "ClearChargingProfile": Call(ClearChargingProfileRequest -> ClearChargingProfileResponse);
    CLEAR_DER_CONTROL = "ClearDERControl": Call(ClearDerControlRequest -> ClearDerControlResponse);
    CLEAR_DISPLAY_MESSAGE = "ClearDisplayMessage": Call(ClearDisplayMessageRequest -> ClearDisplayMessageResponse);
    CLEAR_TARIFFS = "ClearTariffs": Call(ClearTariffsRequest -> ClearTariffsResponse);
    CLEAR_VARIABLE_MONITORING = "ClearVariableMonitoring": Call(ClearVariableMonitoringRequest -> ClearVariableMonitoringResponse);
    CLEARED_CHARGING_LIMIT = "ClearedChargingLimit": Call(ClearedChargingLimitRequest -> ClearedChargingLimitResponse);
    CLOSE_PERIODIC_EVENT_STREAM = "ClosePeriodicEventStream": Call(ClosePeriodicEventStreamRequest -> ClosePeriodicEventStreamResponse);
    COST_UPDATED = "CostUpdated": Call(CostUpdatedRequest -> CostUpdatedResponse);
    CUSTOMER_INFORMATION = "CustomerInformation": Call(CustomerInformationRequest -> CustomerInformationResponse);
    DATA_TRANSFER = "DataTransfer": Call(DataTransferRequest -> DataTransferResponse);
    DELETE_CERTIFICATE = "DeleteCertificate": Call(DeleteCertificateRequest -> DeleteCertificateResponse);
    FIRMWARE_STATUS_NOTIFICATION = "FirmwareStatusNotification": Call(FirmwareStatusNotificationRequest -> FirmwareStatusNotificationResponse);
    GET15118_EV_CERTIFICATE = "Get15118EVCertificate": Call(Get15118EvCertificateRequest -> Get15118EvCertificateResponse);
    GET_BASE_REPORT = "GetBaseReport": Call(GetBaseReportRequest -> GetBaseReportResponse);
    GET_CERTIFICATE_CHAIN_STATUS = "GetCertificateChainStatus": Call(GetCertificateChainStatusRequest -> GetCertificateChainStatusResponse);
    GET_CERTIFICATE_STATUS = "GetCertificateStatus": Call(GetCertificateStatusRequest -> GetCertificateStatusResponse);
    GET_CHARGING_PROFILES = "GetChargingProfiles": Call(GetChargingProfilesRequest -> GetChargingProfilesResponse);
    GET_COMPOSITE_SCHEDULE = "GetCompositeSchedule": Call(GetCompositeScheduleRequest -> GetCompositeScheduleResponse);
    GET_DER_CONTROL = "GetDERControl": Call(GetDerControlRequest -> GetDerControlResponse);
    GET_DISPLAY_MESSAGES = "GetDisplayMessages": Call(GetDisplayMessagesRequest -> GetDisplayMessagesResponse);
    GET_INSTALLED_CERTIFICATE_IDS = "GetInstalledCertificateIds": Call(GetInstalledCertificateIdsRequest -> GetInstalledCertificateIdsResponse);
    GET_LOCAL_LIST_VERSION = "GetLocalListVersion": Call(GetLocalListVersionRequest -> GetLocalListVersionResponse);
    GET_LOG = "GetLog": Call(GetLogRequest -> GetLogResponse);
    GET_MONITORING_REPORT = "GetMonitoringReport": Call(GetMonitoringReportRequest -> GetMonitoringReportResponse);
    GET_PERIODIC_EVENT_STREAM = "GetPeriodicEventStream": Call(GetPeriodicEventStreamRequest -> GetPeriodicEventStreamResponse);
    GET_REPORT = "GetReport": Call(GetReportRequest -> GetReportResponse);
    GET_TARIFFS = "GetTariffs": Call(GetTariffsRequest -> GetTariffsResponse);
    GET_TRANSACTION_STATUS = "GetTransactionStatus": Call(GetTransactionStatusRequest -> GetTransactionStatusResponse);
    GET_VARIABLES = "GetVariables": Call(GetVariablesRequest -> GetVariablesResponse);
    HEARTBEAT = "Heartbeat": Call(HeartbeatRequest -> HeartbeatResponse);
    INSTALL_CERTIFICATE = "InstallCertificate": Call(InstallCertificateRequest -> InstallCertificateResponse);
    LOG_STATUS_NOTIFICATION = "LogStatusNotification": Call(LogStatusNotificationRequest -> LogStatusNotificationResponse);
    METER_VALUES = "MeterValues": Call(MeterValuesRequest -> MeterValuesResponse);
    NOTIFY_ALLOWED_ENERGY_TRANSFER = "NotifyAllowedEnergyTransfer": Call(NotifyAllowedEnergyTransferRequest -> NotifyAllowedEnergyTransferResponse);
    NOTIFY_CHARGING_LIMIT = "NotifyChargingLimit": Call(NotifyChargingLimitRequest -> NotifyChargingLimitResponse);
    NOTIFY_CUSTOMER_INFORMATION = "NotifyCustomerInformation": Call(NotifyCustomerInformationRequest -> NotifyCustomerInformationResponse);
    NOTIFY_DER_ALARM = "NotifyDERAlarm": Call(NotifyDerAlarmRequest -> NotifyDerAlarmResponse);
    NOTIFY_DER_START_STOP = "NotifyDERStartStop": Call(NotifyDerStartStopRequest -> NotifyDerStartStopResponse);
    NOTIFY_DISPLAY_MESSAGES = "NotifyDisplayMessages": Call(NotifyDisplayMessagesRequest -> NotifyDisplayMessagesResponse);
    NOTIFY_EV_CHARGING_NEEDS = "NotifyEVChargingNeeds": Call(NotifyEvChargingNeedsRequest -> NotifyEvChargingNeedsResponse);
    NOTIFY_EV_CHARGING_SCHEDULE = "NotifyEVChargingSchedule": Call(NotifyEvChargingScheduleRequest -> NotifyEvChargingScheduleResponse);
    NOTIFY_EVENT = "NotifyEvent": Call(NotifyEventRequest -> NotifyEventResponse);
    NOTIFY_MONITORING_REPORT = "NotifyMonitoringReport": Call(NotifyMonitoringReportRequest -> NotifyMonitoringReportResponse);
    NOTIFY_PERIODIC_EVENT_STREAM = "NotifyPeriodicEventStream": Send(NotifyPeriodicEventStream);
    NOTIFY_PRIORITY_CHARGING = "NotifyPriorityCharging": Call(NotifyPriorityChargingRequest -> NotifyPriorityChargingResponse);
    NOTIFY_REPORT = "NotifyReport": Call(NotifyReportRequest -> NotifyReportResponse);
    NOTIFY_SETTLEMENT = "NotifySettlement": Call(NotifySettlementRequest -> NotifySettlementResponse);
    NOTIFY_WEB_PAYMENT_STARTED = "NotifyWebPaymentStarted": Call(NotifyWebPaymentStartedRequest -> NotifyWebPaymentStartedResponse);
    OPEN_PERIODIC_EVENT_STREAM = "OpenPeriodicEventStream": Call(OpenPeriodicEventStreamRequest -> OpenPeriodicEventStreamResponse);
    PUBLISH_FIRMWARE = "PublishFirmware": Call(PublishFirmwareRequest -> PublishFirmwareResponse);
    PUBLISH_FIRMWARE_STATUS_NOTIFICATION = "PublishFirmwareStatusNotification": Call(PublishFirmwareStatusNotificationRequest -> PublishFirmwareStatusNotificationResponse);
    PULL_DYNAMIC_SCHEDULE_UPDATE = "PullDynamicScheduleUpdate": Call(PullDynamicScheduleUpdateRequest -> PullDynamicScheduleUpdateResponse);
    REPORT_CHARGING_PROFILES = "ReportChargingProfiles": Call(ReportChargingProfilesRequest -> ReportChargingProfilesResponse);
    REPORT_DER_CONTROL = "ReportDERControl": Call(ReportDerControlRequest -> ReportDerControlResponse);
    REQUEST_BATTERY_SWAP = "RequestBatterySwap": Call(RequestBatterySwapRequest -> RequestBatterySwapResponse);
    REQUEST_START_TRANSACTION = "RequestStartTransaction": Call(RequestStartTransactionRequest -> RequestStartTransactionResponse);
    REQUEST_STOP_TRANSACTION = "RequestStopTransaction": Call(RequestStopTransactionRequest -> RequestStopTransactionResponse);
    RESERVATION_STATUS_UPDATE = "ReservationStatusUpdate": Call(ReservationStatusUpdateRequest -> ReservationStatusUpdateResponse);
    RESERVE_NOW = "ReserveNow": Call(ReserveNowRequest -> ReserveNowResponse);
    RESET = "Reset": Call(ResetRequest -> ResetResponse);
    SECURITY_EVENT_NOTIFICATION = "SecurityEventNotification": Call(SecurityEventNotificationRequest -> SecurityEventNotificationResponse);
    SEND_LOCAL_LIST = "SendLocalList": Call(SendLocalListRequest -> SendLocalListResponse);
    SET_CHARGING_PROFILE = "SetChargingProfile": Call(SetChargingProfileRequest -> SetChargingProfileResponse);
    SET_DER_CONTROL = "SetDERControl": Call(SetDerControlRequest -> SetDerControlResponse);
    SET_DEFAULT_TARIFF = "SetDefaultTariff": Call(SetDefaultTariffRequest -> SetDefaultTariffResponse);
    SET_DISPLAY_MESSAGE = "SetDisplayMessage": Call(SetDisplayMessageRequest -> SetDisplayMessageResponse);
    SET_MONITORING_BASE = "SetMonitoringBase": Call(SetMonitoringBaseRequest -> SetMonitoringBaseResponse);
    SET_MONITORING_LEVEL = "SetMonitoringLevel": Call(SetMonitoringLevelRequest -> SetMonitoringLevelResponse);
    SET_NETWORK_PROFILE = "SetNetworkProfile": Call(SetNetworkProfileRequest -> SetNetworkProfileResponse);
    SET_VARIABLE_MONITORING = "SetVariableMonitoring": Call(SetVariableMonitoringRequest -> SetVariableMonitoringResponse);
    SET_VARIABLES = "SetVariables": Call(SetVariablesRequest -> SetVariablesResponse);
    SIGN_CERTIFICATE = "SignCertificate": Call(SignCertificateRequest -> SignCertificateResponse);
    STATUS_NOTIFICATION = "StatusNotification": Call(StatusNotificationRequest -> StatusNotificationResponse);
    TRANSACTION_EVENT = "TransactionEvent": Call(TransactionEventRequest -> TransactionEventResponse);
    TRIGGER_MESSAGE = "TriggerMessage": Call(TriggerMessageRequest -> TriggerMessageResponse);
    UNLOCK_CONNECTOR = "UnlockConnector": Call(UnlockConnectorRequest -> UnlockConnectorResponse);
    UNPUBLISH_FIRMWARE = "UnpublishFirmware": Call(UnpublishFirmwareRequest -> UnpublishFirmwareResponse);
    UPDATE_DYNAMIC_SCHEDULE = "UpdateDynamicSchedule": Call(UpdateDynamicScheduleRequest -> UpdateDynamicScheduleResponse);
    UPDATE_FIRMWARE = "UpdateFirmware": Call(UpdateFirmwareRequest -> UpdateFirmwareResponse);
    USE_PRIORITY_CHARGING = "UsePriorityCharging": Call(UsePriorityChargingRequest -> UsePriorityChargingResponse);
    VAT_NUMBER_VALIDATION = "VatNumberValidation": Call(VatNumberValidationRequest -> VatNumberValidationResponse);
}

objects! {
    V21;

    #[doc = "`AbsolutePriceSchedule`."]
    AbsolutePriceSchedule<'a> {
        req time_anchor: DateTime<'a> = "timeAnchor", TIME;
        req price_schedule_id: Number<'a> = "priceScheduleID", integer(0, i32::MAX);
        opt price_schedule_description: Text<'a> = "priceScheduleDescription", text(160);
        req currency: Text<'a> = "currency", text(3);
        req language: Text<'a> = "language", text(8);
        req price_algorithm: Text<'a> = "priceAlgorithm", text(2000);
        opt minimum_cost: RationalNumber<'a> = "minimumCost", object(RationalNumber::SCHEMA);
        opt maximum_cost: RationalNumber<'a> = "maximumCost", object(RationalNumber::SCHEMA);
        req price_rule_stacks: List<'a, PriceRuleStack<'a>> = "priceRuleStacks", list(&object(PriceRuleStack::SCHEMA), 1, 1024);
        opt tax_rules: List<'a, TaxRule<'a>> = "taxRules", list(&object(TaxRule::SCHEMA), 1, 10);
        opt overstay_rule_list: OverstayRuleList<'a> = "overstayRuleList", object(OverstayRuleList::SCHEMA);
        opt additional_selected_services: List<'a, AdditionalSelectedServices<'a>> = "additionalSelectedServices", list(&object(AdditionalSelectedServices::SCHEMA), 1, 5);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`AcChargingParameters`."]
    AcChargingParameters<'a> {
        req energy_amount: Number<'a> = "energyAmount", NUMBER;
        req ev_min_current: Number<'a> = "evMinCurrent", NUMBER;
        req ev_max_current: Number<'a> = "evMaxCurrent", NUMBER;
        req ev_max_voltage: Number<'a> = "evMaxVoltage", NUMBER;
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`AdditionalInfo`."]
    AdditionalInfo<'a> {
        req additional_id_token: Identifier<'a> = "additionalIdToken", text(255);
        req type_: Text<'a> = "type", text(50);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`AdditionalSelectedServices`."]
    AdditionalSelectedServices<'a> {
        req service_fee: RationalNumber<'a> = "serviceFee", object(RationalNumber::SCHEMA);
        req service_name: Text<'a> = "serviceName", text(80);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`Address`."]
    Address<'a> {
        req name: Text<'a> = "name", text(50);
        req address1: Text<'a> = "address1", text(100);
        opt address2: Text<'a> = "address2", text(100);
        req city: Text<'a> = "city", text(100);
        opt postal_code: Text<'a> = "postalCode", text(20);
        req country: Text<'a> = "country", text(50);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `AdjustPeriodicEventStream`."]
    AdjustPeriodicEventStreamRequest<'a> {
        req id: Number<'a> = "id", integer(0, i32::MAX);
        req params: PeriodicEventStreamParams<'a> = "params", object(PeriodicEventStreamParams::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `AdjustPeriodicEventStream`."]
    AdjustPeriodicEventStreamResponse<'a> {
        req status: Open<'a, GenericStatus> = "status", code(GenericStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `AfrrSignal`."]
    AfrrSignalRequest<'a> {
        req timestamp: DateTime<'a> = "timestamp", TIME;
        req signal: Number<'a> = "signal", INTEGER;
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `AfrrSignal`."]
    AfrrSignalResponse<'a> {
        req status: Open<'a, GenericStatus> = "status", code(GenericStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`Apn`."]
    Apn<'a> {
        req apn: Text<'a> = "apn", text(2000);
        opt apn_user_name: Text<'a> = "apnUserName", text(50);
        opt apn_password: Text<'a> = "apnPassword", text(64);
        opt sim_pin: Number<'a> = "simPin", INTEGER;
        opt preferred_network: Text<'a> = "preferredNetwork", text(6);
        opt use_only_preferred_network: bool = "useOnlyPreferredNetwork", FLAG;
        req apn_authentication: Open<'a, ApnAuthentication> = "apnAuthentication", code(ApnAuthentication::TABLE);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`AuthorizationData`."]
    AuthorizationData<'a> {
        req id_token: IdToken<'a> = "idToken", object(IdToken::SCHEMA);
        opt id_token_info: IdTokenInfo<'a> = "idTokenInfo", object(IdTokenInfo::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `Authorize`."]
    AuthorizeRequest<'a> {
        req id_token: IdToken<'a> = "idToken", object(IdToken::SCHEMA);
        opt certificate: Identifier<'a> = "certificate", text(10000);
        opt iso15118_certificate_hash_data: List<'a, OcspRequestData<'a>> = "iso15118CertificateHashData", list(&object(OcspRequestData::SCHEMA), 1, 4);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `Authorize`."]
    AuthorizeResponse<'a> {
        req id_token_info: IdTokenInfo<'a> = "idTokenInfo", object(IdTokenInfo::SCHEMA);
        opt certificate_status: Open<'a, AuthorizeCertificateStatus> = "certificateStatus", code(AuthorizeCertificateStatus::TABLE);
        opt allowed_energy_transfer: List<'a, Open<'a, EnergyTransferMode>> = "allowedEnergyTransfer", list(&code(EnergyTransferMode::TABLE), 1, u16::MAX);
        opt tariff: Tariff<'a> = "tariff", object(Tariff::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`BatteryData`."]
    BatteryData<'a> {
        req evse_id: Number<'a> = "evseId", integer(0, i32::MAX);
        req serial_number: Identifier<'a> = "serialNumber", text(50);
        req so_c: Number<'a> = "soC", number(0, 100);
        req so_h: Number<'a> = "soH", number(0, 100);
        opt production_date: DateTime<'a> = "productionDate", TIME;
        opt vendor_info: Text<'a> = "vendorInfo", text(500);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `BatterySwap`."]
    BatterySwapRequest<'a> {
        req battery_data: List<'a, BatteryData<'a>> = "batteryData", list(&object(BatteryData::SCHEMA), 1, u16::MAX);
        req event_type: Open<'a, BatterySwapEvent> = "eventType", code(BatterySwapEvent::TABLE);
        req id_token: IdToken<'a> = "idToken", object(IdToken::SCHEMA);
        req request_id: Number<'a> = "requestId", INTEGER;
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `BatterySwap`."]
    BatterySwapResponse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `BootNotification`."]
    BootNotificationResponse<'a> {
        req current_time: DateTime<'a> = "currentTime", TIME;
        req interval: Number<'a> = "interval", INTEGER;
        req status: Open<'a, RegistrationStatus> = "status", code(RegistrationStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `CancelReservation`."]
    CancelReservationRequest<'a> {
        req reservation_id: Number<'a> = "reservationId", integer(0, i32::MAX);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `CancelReservation`."]
    CancelReservationResponse<'a> {
        req status: Open<'a, CancelReservationStatus> = "status", code(CancelReservationStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`CertificateHashDataChain`."]
    CertificateHashDataChain<'a> {
        req certificate_hash_data: CertificateHashData<'a> = "certificateHashData", object(CertificateHashData::SCHEMA);
        req certificate_type: Open<'a, GetCertificateIdUse> = "certificateType", code(GetCertificateIdUse::TABLE);
        opt child_certificate_hash_data: List<'a, CertificateHashData<'a>> = "childCertificateHashData", list(&object(CertificateHashData::SCHEMA), 1, 4);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `CertificateSigned`."]
    CertificateSignedRequest<'a> {
        req certificate_chain: Identifier<'a> = "certificateChain", text(10000);
        opt certificate_type: Open<'a, CertificateSigningUse> = "certificateType", code(CertificateSigningUse::TABLE);
        opt request_id: Number<'a> = "requestId", INTEGER;
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `CertificateSigned`."]
    CertificateSignedResponse<'a> {
        req status: Open<'a, CertificateSignedStatus> = "status", code(CertificateSignedStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`CertificateStatus`."]
    CertificateStatus<'a> {
        req certificate_hash_data: CertificateHashData<'a> = "certificateHashData", object(CertificateHashData::SCHEMA);
        req source: Open<'a, CertificateStatusSource> = "source", code(CertificateStatusSource::TABLE);
        req status: Open<'a, CertificateStatusKind> = "status", code(CertificateStatusKind::TABLE);
        req next_update: DateTime<'a> = "nextUpdate", TIME;
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`CertificateStatusRequestInfo`."]
    CertificateStatusRequestInfo<'a> {
        req certificate_hash_data: CertificateHashData<'a> = "certificateHashData", object(CertificateHashData::SCHEMA);
        req source: Open<'a, CertificateStatusSource> = "source", code(CertificateStatusSource::TABLE);
        req urls: List<'a, Text<'a>> = "urls", list(&text(2000), 1, 5);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `ChangeAvailability`."]
    ChangeAvailabilityRequest<'a> {
        opt evse: Evse<'a> = "evse", object(Evse::SCHEMA);
        req operational_status: Open<'a, OperationalStatus> = "operationalStatus", code(OperationalStatus::TABLE);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `ChangeAvailability`."]
    ChangeAvailabilityResponse<'a> {
        req status: Open<'a, ChangeAvailabilityStatus> = "status", code(ChangeAvailabilityStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `ChangeTransactionTariff`."]
    ChangeTransactionTariffRequest<'a> {
        req tariff: Tariff<'a> = "tariff", object(Tariff::SCHEMA);
        req transaction_id: Text<'a> = "transactionId", text(36);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `ChangeTransactionTariff`."]
    ChangeTransactionTariffResponse<'a> {
        req status: Open<'a, TariffChangeStatus> = "status", code(TariffChangeStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`ChargingLimit`."]
    ChargingLimit<'a> {
        req charging_limit_source: Text<'a> = "chargingLimitSource", text(20);
        opt is_local_generation: bool = "isLocalGeneration", FLAG;
        opt is_grid_critical: bool = "isGridCritical", FLAG;
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`ChargingNeeds`."]
    ChargingNeeds<'a> {
        opt ac_charging_parameters: AcChargingParameters<'a> = "acChargingParameters", object(AcChargingParameters::SCHEMA);
        opt der_charging_parameters: DerChargingParameters<'a> = "derChargingParameters", object(DerChargingParameters::SCHEMA);
        opt ev_energy_offer: EvEnergyOffer<'a> = "evEnergyOffer", object(EvEnergyOffer::SCHEMA);
        req requested_energy_transfer: Open<'a, EnergyTransferMode> = "requestedEnergyTransfer", code(EnergyTransferMode::TABLE);
        opt dc_charging_parameters: DcChargingParameters<'a> = "dcChargingParameters", object(DcChargingParameters::SCHEMA);
        opt v2x_charging_parameters: V2xChargingParameters<'a> = "v2xChargingParameters", object(V2xChargingParameters::SCHEMA);
        opt available_energy_transfer: List<'a, Open<'a, EnergyTransferMode>> = "availableEnergyTransfer", list(&code(EnergyTransferMode::TABLE), 1, u16::MAX);
        opt control_mode: Open<'a, ControlMode> = "controlMode", code(ControlMode::TABLE);
        opt mobility_needs_mode: Open<'a, MobilityNeedsMode> = "mobilityNeedsMode", code(MobilityNeedsMode::TABLE);
        opt departure_time: DateTime<'a> = "departureTime", TIME;
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`ChargingPeriod`."]
    ChargingPeriod<'a> {
        opt dimensions: List<'a, CostDimension<'a>> = "dimensions", list(&object(CostDimension::SCHEMA), 1, u16::MAX);
        opt tariff_id: Text<'a> = "tariffId", text(60);
        req start_period: DateTime<'a> = "startPeriod", TIME;
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`ChargingProfile`."]
    ChargingProfile<'a> {
        req id: Number<'a> = "id", INTEGER;
        req stack_level: Number<'a> = "stackLevel", integer(0, i32::MAX);
        req charging_profile_purpose: Open<'a, ChargingProfilePurpose> = "chargingProfilePurpose", code(ChargingProfilePurpose::TABLE);
        req charging_profile_kind: Open<'a, ChargingProfileKind> = "chargingProfileKind", code(ChargingProfileKind::TABLE);
        opt recurrency_kind: Open<'a, RecurrencyKind> = "recurrencyKind", code(RecurrencyKind::TABLE);
        opt valid_from: DateTime<'a> = "validFrom", TIME;
        opt valid_to: DateTime<'a> = "validTo", TIME;
        opt transaction_id: Text<'a> = "transactionId", text(36);
        opt max_offline_duration: Number<'a> = "maxOfflineDuration", INTEGER;
        req charging_schedule: List<'a, ChargingSchedule<'a>> = "chargingSchedule", list(&object(ChargingSchedule::SCHEMA), 1, 3);
        opt invalid_after_offline_duration: bool = "invalidAfterOfflineDuration", FLAG;
        opt dyn_update_interval: Number<'a> = "dynUpdateInterval", INTEGER;
        opt dyn_update_time: DateTime<'a> = "dynUpdateTime", TIME;
        opt price_schedule_signature: Text<'a> = "priceScheduleSignature", text(256);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`ChargingProfileCriterion`."]
    ChargingProfileCriterion<'a> {
        opt charging_profile_purpose: Open<'a, ChargingProfilePurpose> = "chargingProfilePurpose", code(ChargingProfilePurpose::TABLE);
        opt stack_level: Number<'a> = "stackLevel", integer(0, i32::MAX);
        opt charging_profile_id: List<'a, Number<'a>> = "chargingProfileId", list(&INTEGER, 1, u16::MAX);
        opt charging_limit_source: List<'a, Text<'a>> = "chargingLimitSource", list(&text(20), 1, 4);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`ChargingSchedule`."]
    ChargingSchedule<'a> {
        req id: Number<'a> = "id", INTEGER;
        opt limit_at_soc: LimitAtSoc<'a> = "limitAtSoC", object(LimitAtSoc::SCHEMA);
        opt start_schedule: DateTime<'a> = "startSchedule", TIME;
        opt duration: Number<'a> = "duration", INTEGER;
        req charging_rate_unit: Open<'a, ChargingRateUnit> = "chargingRateUnit", code(ChargingRateUnit::TABLE);
        opt min_charging_rate: Number<'a> = "minChargingRate", NUMBER;
        opt power_tolerance: Number<'a> = "powerTolerance", NUMBER;
        opt signature_id: Number<'a> = "signatureId", integer(0, i32::MAX);
        opt digest_value: Text<'a> = "digestValue", text(88);
        opt use_local_time: bool = "useLocalTime", FLAG;
        req charging_schedule_period: List<'a, ChargingSchedulePeriod<'a>> = "chargingSchedulePeriod", list(&object(ChargingSchedulePeriod::SCHEMA), 1, 1024);
        opt randomized_delay: Number<'a> = "randomizedDelay", integer(0, i32::MAX);
        opt sales_tariff: SalesTariff<'a> = "salesTariff", object(SalesTariff::SCHEMA);
        opt absolute_price_schedule: AbsolutePriceSchedule<'a> = "absolutePriceSchedule", object(AbsolutePriceSchedule::SCHEMA);
        opt price_level_schedule: PriceLevelSchedule<'a> = "priceLevelSchedule", object(PriceLevelSchedule::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`ChargingSchedulePeriod`."]
    ChargingSchedulePeriod<'a> {
        req start_period: Number<'a> = "startPeriod", INTEGER;
        opt limit: Number<'a> = "limit", NUMBER;
        opt limit_l2: Number<'a> = "limit_L2", NUMBER;
        opt limit_l3: Number<'a> = "limit_L3", NUMBER;
        opt number_phases: Number<'a> = "numberPhases", integer(0, 3);
        opt phase_to_use: Number<'a> = "phaseToUse", integer(0, 3);
        opt discharge_limit: Number<'a> = "dischargeLimit", number(i32::MIN, 0);
        opt discharge_limit_l2: Number<'a> = "dischargeLimit_L2", number(i32::MIN, 0);
        opt discharge_limit_l3: Number<'a> = "dischargeLimit_L3", number(i32::MIN, 0);
        opt setpoint: Number<'a> = "setpoint", NUMBER;
        opt setpoint_l2: Number<'a> = "setpoint_L2", NUMBER;
        opt setpoint_l3: Number<'a> = "setpoint_L3", NUMBER;
        opt setpoint_reactive: Number<'a> = "setpointReactive", NUMBER;
        opt setpoint_reactive_l2: Number<'a> = "setpointReactive_L2", NUMBER;
        opt setpoint_reactive_l3: Number<'a> = "setpointReactive_L3", NUMBER;
        opt preconditioning_request: bool = "preconditioningRequest", FLAG;
        opt evse_sleep: bool = "evseSleep", FLAG;
        opt v2x_baseline: Number<'a> = "v2xBaseline", NUMBER;
        opt operation_mode: Open<'a, OperationMode> = "operationMode", code(OperationMode::TABLE);
        opt v2x_freq_watt_curve: List<'a, V2xFreqWattPoint<'a>> = "v2xFreqWattCurve", list(&object(V2xFreqWattPoint::SCHEMA), 1, 20);
        opt v2x_signal_watt_curve: List<'a, V2xSignalWattPoint<'a>> = "v2xSignalWattCurve", list(&object(V2xSignalWattPoint::SCHEMA), 1, 20);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`ChargingScheduleUpdate`."]
    ChargingScheduleUpdate<'a> {
        opt limit: Number<'a> = "limit", NUMBER;
        opt limit_l2: Number<'a> = "limit_L2", NUMBER;
        opt limit_l3: Number<'a> = "limit_L3", NUMBER;
        opt discharge_limit: Number<'a> = "dischargeLimit", number(i32::MIN, 0);
        opt discharge_limit_l2: Number<'a> = "dischargeLimit_L2", number(i32::MIN, 0);
        opt discharge_limit_l3: Number<'a> = "dischargeLimit_L3", number(i32::MIN, 0);
        opt setpoint: Number<'a> = "setpoint", NUMBER;
        opt setpoint_l2: Number<'a> = "setpoint_L2", NUMBER;
        opt setpoint_l3: Number<'a> = "setpoint_L3", NUMBER;
        opt setpoint_reactive: Number<'a> = "setpointReactive", NUMBER;
        opt setpoint_reactive_l2: Number<'a> = "setpointReactive_L2", NUMBER;
        opt setpoint_reactive_l3: Number<'a> = "setpointReactive_L3", NUMBER;
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `ClearCache`."]
    ClearCacheResponse<'a> {
        req status: Open<'a, ClearCacheStatus> = "status", code(ClearCacheStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`ClearChargingProfile`."]
    ClearChargingProfile<'a> {
        opt evse_id: Number<'a> = "evseId", integer(0, i32::MAX);
        opt charging_profile_purpose: Open<'a, ChargingProfilePurpose> = "chargingProfilePurpose", code(ChargingProfilePurpose::TABLE);
        opt stack_level: Number<'a> = "stackLevel", integer(0, i32::MAX);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `ClearChargingProfile`."]
    ClearChargingProfileRequest<'a> {
        opt charging_profile_id: Number<'a> = "chargingProfileId", INTEGER;
        opt charging_profile_criteria: ClearChargingProfile<'a> = "chargingProfileCriteria", object(ClearChargingProfile::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `ClearChargingProfile`."]
    ClearChargingProfileResponse<'a> {
        req status: Open<'a, ClearChargingProfileStatus> = "status", code(ClearChargingProfileStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `ClearDerControl`."]
    ClearDerControlRequest<'a> {
        req is_default: bool = "isDefault", FLAG;
        opt control_type: Open<'a, DerControl> = "controlType", code(DerControl::TABLE);
        opt control_id: Text<'a> = "controlId", text(36);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `ClearDerControl`."]
    ClearDerControlResponse<'a> {
        req status: Open<'a, DerControlStatus> = "status", code(DerControlStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `ClearDisplayMessage`."]
    ClearDisplayMessageRequest<'a> {
        req id: Number<'a> = "id", integer(0, i32::MAX);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `ClearDisplayMessage`."]
    ClearDisplayMessageResponse<'a> {
        req status: Open<'a, ClearMessageStatus> = "status", code(ClearMessageStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`ClearMonitoringResult`."]
    ClearMonitoringResult<'a> {
        req status: Open<'a, ClearMonitoringStatus> = "status", code(ClearMonitoringStatus::TABLE);
        req id: Number<'a> = "id", integer(0, i32::MAX);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `ClearTariffs`."]
    ClearTariffsRequest<'a> {
        opt tariff_ids: List<'a, Text<'a>> = "tariffIds", list(&text(60), 1, u16::MAX);
        opt evse_id: Number<'a> = "evseId", integer(0, i32::MAX);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `ClearTariffs`."]
    ClearTariffsResponse<'a> {
        req clear_tariffs_result: List<'a, ClearTariffsResult<'a>> = "clearTariffsResult", list(&object(ClearTariffsResult::SCHEMA), 1, u16::MAX);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`ClearTariffsResult`."]
    ClearTariffsResult<'a> {
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
        opt tariff_id: Text<'a> = "tariffId", text(60);
        req status: Open<'a, TariffClearStatus> = "status", code(TariffClearStatus::TABLE);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `ClearVariableMonitoring`."]
    ClearVariableMonitoringRequest<'a> {
        req id: List<'a, Number<'a>> = "id", list(&integer(0, i32::MAX), 1, u16::MAX);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `ClearVariableMonitoring`."]
    ClearVariableMonitoringResponse<'a> {
        req clear_monitoring_result: List<'a, ClearMonitoringResult<'a>> = "clearMonitoringResult", list(&object(ClearMonitoringResult::SCHEMA), 1, u16::MAX);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `ClearedChargingLimit`."]
    ClearedChargingLimitRequest<'a> {
        req charging_limit_source: Text<'a> = "chargingLimitSource", text(20);
        opt evse_id: Number<'a> = "evseId", integer(0, i32::MAX);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `ClosePeriodicEventStream`."]
    ClosePeriodicEventStreamRequest<'a> {
        req id: Number<'a> = "id", integer(0, i32::MAX);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `ClosePeriodicEventStream`."]
    ClosePeriodicEventStreamResponse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`Component`."]
    Component<'a> {
        opt evse: Evse<'a> = "evse", object(Evse::SCHEMA);
        req name: Text<'a> = "name", text(50);
        opt instance: Text<'a> = "instance", text(50);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`ComponentVariable`."]
    ComponentVariable<'a> {
        req component: Component<'a> = "component", object(Component::SCHEMA);
        opt variable: Variable<'a> = "variable", object(Variable::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`CompositeSchedule`."]
    CompositeSchedule<'a> {
        req evse_id: Number<'a> = "evseId", integer(0, i32::MAX);
        req duration: Number<'a> = "duration", INTEGER;
        req schedule_start: DateTime<'a> = "scheduleStart", TIME;
        req charging_rate_unit: Open<'a, ChargingRateUnit> = "chargingRateUnit", code(ChargingRateUnit::TABLE);
        req charging_schedule_period: List<'a, ChargingSchedulePeriod<'a>> = "chargingSchedulePeriod", list(&object(ChargingSchedulePeriod::SCHEMA), 1, u16::MAX);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`ConstantStreamData`."]
    ConstantStreamData<'a> {
        req id: Number<'a> = "id", integer(0, i32::MAX);
        req params: PeriodicEventStreamParams<'a> = "params", object(PeriodicEventStreamParams::SCHEMA);
        req variable_monitoring_id: Number<'a> = "variableMonitoringId", integer(0, i32::MAX);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`CostDetails`."]
    CostDetails<'a> {
        opt charging_periods: List<'a, ChargingPeriod<'a>> = "chargingPeriods", list(&object(ChargingPeriod::SCHEMA), 1, u16::MAX);
        req total_cost: TotalCost<'a> = "totalCost", object(TotalCost::SCHEMA);
        req total_usage: TotalUsage<'a> = "totalUsage", object(TotalUsage::SCHEMA);
        opt failure_to_calculate: bool = "failureToCalculate", FLAG;
        opt failure_reason: Text<'a> = "failureReason", text(500);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`CostDimension`."]
    CostDimension<'a> {
        req type_: Open<'a, CostDimensionKind> = "type", code(CostDimensionKind::TABLE);
        req volume: Number<'a> = "volume", NUMBER;
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `CustomerInformation`."]
    CustomerInformationRequest<'a> {
        opt customer_certificate: CertificateHashData<'a> = "customerCertificate", object(CertificateHashData::SCHEMA);
        opt id_token: IdToken<'a> = "idToken", object(IdToken::SCHEMA);
        req request_id: Number<'a> = "requestId", integer(0, i32::MAX);
        req report: bool = "report", FLAG;
        req clear: bool = "clear", FLAG;
        opt customer_identifier: Identifier<'a> = "customerIdentifier", text(64);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `CustomerInformation`."]
    CustomerInformationResponse<'a> {
        req status: Open<'a, CustomerInformationStatus> = "status", code(CustomerInformationStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `DataTransfer`."]
    DataTransferResponse<'a> {
        req status: Open<'a, DataTransferStatus> = "status", code(DataTransferStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
        opt data: Value<'a> = "data", ANY;
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`DcChargingParameters`."]
    DcChargingParameters<'a> {
        req ev_max_current: Number<'a> = "evMaxCurrent", NUMBER;
        req ev_max_voltage: Number<'a> = "evMaxVoltage", NUMBER;
        opt ev_max_power: Number<'a> = "evMaxPower", NUMBER;
        opt ev_energy_capacity: Number<'a> = "evEnergyCapacity", NUMBER;
        opt energy_amount: Number<'a> = "energyAmount", NUMBER;
        opt state_of_charge: Number<'a> = "stateOfCharge", integer(0, 100);
        opt full_soc: Number<'a> = "fullSoC", integer(0, 100);
        opt bulk_soc: Number<'a> = "bulkSoC", integer(0, 100);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `DeleteCertificate`."]
    DeleteCertificateResponse<'a> {
        req status: Open<'a, DeleteCertificateStatus> = "status", code(DeleteCertificateStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`DerChargingParameters`."]
    DerChargingParameters<'a> {
        opt ev_supported_der_control: List<'a, Open<'a, DerControl>> = "evSupportedDERControl", list(&code(DerControl::TABLE), 1, u16::MAX);
        opt ev_over_excited_max_discharge_power: Number<'a> = "evOverExcitedMaxDischargePower", NUMBER;
        opt ev_over_excited_power_factor: Number<'a> = "evOverExcitedPowerFactor", NUMBER;
        opt ev_under_excited_max_discharge_power: Number<'a> = "evUnderExcitedMaxDischargePower", NUMBER;
        opt ev_under_excited_power_factor: Number<'a> = "evUnderExcitedPowerFactor", NUMBER;
        opt max_apparent_power: Number<'a> = "maxApparentPower", NUMBER;
        opt max_charge_apparent_power: Number<'a> = "maxChargeApparentPower", NUMBER;
        opt max_charge_apparent_power_l2: Number<'a> = "maxChargeApparentPower_L2", NUMBER;
        opt max_charge_apparent_power_l3: Number<'a> = "maxChargeApparentPower_L3", NUMBER;
        opt max_discharge_apparent_power: Number<'a> = "maxDischargeApparentPower", NUMBER;
        opt max_discharge_apparent_power_l2: Number<'a> = "maxDischargeApparentPower_L2", NUMBER;
        opt max_discharge_apparent_power_l3: Number<'a> = "maxDischargeApparentPower_L3", NUMBER;
        opt max_charge_reactive_power: Number<'a> = "maxChargeReactivePower", NUMBER;
        opt max_charge_reactive_power_l2: Number<'a> = "maxChargeReactivePower_L2", NUMBER;
        opt max_charge_reactive_power_l3: Number<'a> = "maxChargeReactivePower_L3", NUMBER;
        opt min_charge_reactive_power: Number<'a> = "minChargeReactivePower", NUMBER;
        opt min_charge_reactive_power_l2: Number<'a> = "minChargeReactivePower_L2", NUMBER;
        opt min_charge_reactive_power_l3: Number<'a> = "minChargeReactivePower_L3", NUMBER;
        opt max_discharge_reactive_power: Number<'a> = "maxDischargeReactivePower", NUMBER;
        opt max_discharge_reactive_power_l2: Number<'a> = "maxDischargeReactivePower_L2", NUMBER;
        opt max_discharge_reactive_power_l3: Number<'a> = "maxDischargeReactivePower_L3", NUMBER;
        opt min_discharge_reactive_power: Number<'a> = "minDischargeReactivePower", NUMBER;
        opt min_discharge_reactive_power_l2: Number<'a> = "minDischargeReactivePower_L2", NUMBER;
        opt min_discharge_reactive_power_l3: Number<'a> = "minDischargeReactivePower_L3", NUMBER;
        opt nominal_voltage: Number<'a> = "nominalVoltage", NUMBER;
        opt nominal_voltage_offset: Number<'a> = "nominalVoltageOffset", NUMBER;
        opt max_nominal_voltage: Number<'a> = "maxNominalVoltage", NUMBER;
        opt min_nominal_voltage: Number<'a> = "minNominalVoltage", NUMBER;
        opt ev_inverter_manufacturer: Text<'a> = "evInverterManufacturer", text(50);
        opt ev_inverter_model: Text<'a> = "evInverterModel", text(50);
        opt ev_inverter_serial_number: Text<'a> = "evInverterSerialNumber", text(50);
        opt ev_inverter_sw_version: Text<'a> = "evInverterSwVersion", text(50);
        opt ev_inverter_hw_version: Text<'a> = "evInverterHwVersion", text(50);
        opt ev_islanding_detection_method: List<'a, Open<'a, IslandingDetection>> = "evIslandingDetectionMethod", list(&code(IslandingDetection::TABLE), 1, u16::MAX);
        opt ev_islanding_trip_time: Number<'a> = "evIslandingTripTime", NUMBER;
        opt ev_maximum_level1dc_injection: Number<'a> = "evMaximumLevel1DCInjection", NUMBER;
        opt ev_duration_level1dc_injection: Number<'a> = "evDurationLevel1DCInjection", NUMBER;
        opt ev_maximum_level2dc_injection: Number<'a> = "evMaximumLevel2DCInjection", NUMBER;
        opt ev_duration_level2dc_injection: Number<'a> = "evDurationLevel2DCInjection", NUMBER;
        opt ev_reactive_susceptance: Number<'a> = "evReactiveSusceptance", NUMBER;
        opt ev_session_total_discharge_energy_available: Number<'a> = "evSessionTotalDischargeEnergyAvailable", NUMBER;
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`DerCurve`."]
    DerCurve<'a> {
        req curve_data: List<'a, DerCurvePoints<'a>> = "curveData", list(&object(DerCurvePoints::SCHEMA), 1, 10);
        opt hysteresis: Hysteresis<'a> = "hysteresis", object(Hysteresis::SCHEMA);
        req priority: Number<'a> = "priority", integer(0, i32::MAX);
        opt reactive_power_params: ReactivePowerParams<'a> = "reactivePowerParams", object(ReactivePowerParams::SCHEMA);
        opt voltage_params: VoltageParams<'a> = "voltageParams", object(VoltageParams::SCHEMA);
        req y_unit: Open<'a, DerUnit> = "yUnit", code(DerUnit::TABLE);
        opt response_time: Number<'a> = "responseTime", NUMBER;
        opt start_time: DateTime<'a> = "startTime", TIME;
        opt duration: Number<'a> = "duration", NUMBER;
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`DerCurveGet`."]
    DerCurveGet<'a> {
        req curve: DerCurve<'a> = "curve", object(DerCurve::SCHEMA);
        req id: Text<'a> = "id", text(36);
        req curve_type: Open<'a, DerControl> = "curveType", code(DerControl::TABLE);
        req is_default: bool = "isDefault", FLAG;
        req is_superseded: bool = "isSuperseded", FLAG;
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`DerCurvePoints`."]
    DerCurvePoints<'a> {
        req x: Number<'a> = "x", NUMBER;
        req y: Number<'a> = "y", NUMBER;
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`EnterService`."]
    EnterService<'a> {
        req priority: Number<'a> = "priority", integer(0, i32::MAX);
        req high_voltage: Number<'a> = "highVoltage", NUMBER;
        req low_voltage: Number<'a> = "lowVoltage", NUMBER;
        req high_freq: Number<'a> = "highFreq", NUMBER;
        req low_freq: Number<'a> = "lowFreq", NUMBER;
        opt delay: Number<'a> = "delay", NUMBER;
        opt random_delay: Number<'a> = "randomDelay", NUMBER;
        opt ramp_rate: Number<'a> = "rampRate", NUMBER;
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`EnterServiceGet`."]
    EnterServiceGet<'a> {
        req enter_service: EnterService<'a> = "enterService", object(EnterService::SCHEMA);
        req id: Text<'a> = "id", text(36);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`EvAbsolutePriceSchedule`."]
    EvAbsolutePriceSchedule<'a> {
        req time_anchor: DateTime<'a> = "timeAnchor", TIME;
        req currency: Text<'a> = "currency", text(3);
        req ev_absolute_price_schedule_entries: List<'a, EvAbsolutePriceScheduleEntry<'a>> = "evAbsolutePriceScheduleEntries", list(&object(EvAbsolutePriceScheduleEntry::SCHEMA), 1, 1024);
        req price_algorithm: Text<'a> = "priceAlgorithm", text(2000);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`EvAbsolutePriceScheduleEntry`."]
    EvAbsolutePriceScheduleEntry<'a> {
        req duration: Number<'a> = "duration", INTEGER;
        req ev_price_rule: List<'a, EvPriceRule<'a>> = "evPriceRule", list(&object(EvPriceRule::SCHEMA), 1, 8);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`EvEnergyOffer`."]
    EvEnergyOffer<'a> {
        opt ev_absolute_price_schedule: EvAbsolutePriceSchedule<'a> = "evAbsolutePriceSchedule", object(EvAbsolutePriceSchedule::SCHEMA);
        req ev_power_schedule: EvPowerSchedule<'a> = "evPowerSchedule", object(EvPowerSchedule::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`EvPowerSchedule`."]
    EvPowerSchedule<'a> {
        req ev_power_schedule_entries: List<'a, EvPowerScheduleEntry<'a>> = "evPowerScheduleEntries", list(&object(EvPowerScheduleEntry::SCHEMA), 1, 1024);
        req time_anchor: DateTime<'a> = "timeAnchor", TIME;
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`EvPowerScheduleEntry`."]
    EvPowerScheduleEntry<'a> {
        req duration: Number<'a> = "duration", INTEGER;
        req power: Number<'a> = "power", NUMBER;
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`EvPriceRule`."]
    EvPriceRule<'a> {
        req energy_fee: Number<'a> = "energyFee", NUMBER;
        req power_range_start: Number<'a> = "powerRangeStart", NUMBER;
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`EventData`."]
    EventData<'a> {
        req event_id: Number<'a> = "eventId", integer(0, i32::MAX);
        req timestamp: DateTime<'a> = "timestamp", TIME;
        req trigger: Open<'a, EventTrigger> = "trigger", code(EventTrigger::TABLE);
        opt cause: Number<'a> = "cause", integer(0, i32::MAX);
        req actual_value: Text<'a> = "actualValue", text(2500);
        opt tech_code: Text<'a> = "techCode", text(50);
        opt tech_info: Text<'a> = "techInfo", text(500);
        opt cleared: bool = "cleared", FLAG;
        opt transaction_id: Text<'a> = "transactionId", text(36);
        req component: Component<'a> = "component", object(Component::SCHEMA);
        opt variable_monitoring_id: Number<'a> = "variableMonitoringId", integer(0, i32::MAX);
        req event_notification_type: Open<'a, EventNotification> = "eventNotificationType", code(EventNotification::TABLE);
        req variable: Variable<'a> = "variable", object(Variable::SCHEMA);
        opt severity: Number<'a> = "severity", integer(0, i32::MAX);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`Evse`."]
    Evse<'a> {
        req id: Number<'a> = "id", integer(0, i32::MAX);
        opt connector_id: Number<'a> = "connectorId", integer(0, i32::MAX);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`Firmware`."]
    Firmware<'a> {
        req location: Text<'a> = "location", text(2000);
        req retrieve_date_time: DateTime<'a> = "retrieveDateTime", TIME;
        opt install_date_time: DateTime<'a> = "installDateTime", TIME;
        opt signing_certificate: Text<'a> = "signingCertificate", text(5500);
        opt signature: Text<'a> = "signature", text(800);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `FirmwareStatusNotification`."]
    FirmwareStatusNotificationRequest<'a> {
        req status: Open<'a, FirmwareStatus> = "status", code(FirmwareStatus::TABLE);
        opt request_id: Number<'a> = "requestId", INTEGER;
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`FixedPf`."]
    FixedPf<'a> {
        req priority: Number<'a> = "priority", integer(0, i32::MAX);
        req displacement: Number<'a> = "displacement", NUMBER;
        req excitation: bool = "excitation", FLAG;
        opt start_time: DateTime<'a> = "startTime", TIME;
        opt duration: Number<'a> = "duration", NUMBER;
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`FixedPfGet`."]
    FixedPfGet<'a> {
        req fixed_pf: FixedPf<'a> = "fixedPF", object(FixedPf::SCHEMA);
        req id: Text<'a> = "id", text(36);
        req is_default: bool = "isDefault", FLAG;
        req is_superseded: bool = "isSuperseded", FLAG;
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`FixedVar`."]
    FixedVar<'a> {
        req priority: Number<'a> = "priority", integer(0, i32::MAX);
        req setpoint: Number<'a> = "setpoint", NUMBER;
        req unit: Open<'a, DerUnit> = "unit", code(DerUnit::TABLE);
        opt start_time: DateTime<'a> = "startTime", TIME;
        opt duration: Number<'a> = "duration", NUMBER;
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`FixedVarGet`."]
    FixedVarGet<'a> {
        req fixed_var: FixedVar<'a> = "fixedVar", object(FixedVar::SCHEMA);
        req id: Text<'a> = "id", text(36);
        req is_default: bool = "isDefault", FLAG;
        req is_superseded: bool = "isSuperseded", FLAG;
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`FreqDroop`."]
    FreqDroop<'a> {
        req priority: Number<'a> = "priority", integer(0, i32::MAX);
        req over_freq: Number<'a> = "overFreq", NUMBER;
        req under_freq: Number<'a> = "underFreq", NUMBER;
        req over_droop: Number<'a> = "overDroop", NUMBER;
        req under_droop: Number<'a> = "underDroop", NUMBER;
        req response_time: Number<'a> = "responseTime", NUMBER;
        opt start_time: DateTime<'a> = "startTime", TIME;
        opt duration: Number<'a> = "duration", NUMBER;
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`FreqDroopGet`."]
    FreqDroopGet<'a> {
        req freq_droop: FreqDroop<'a> = "freqDroop", object(FreqDroop::SCHEMA);
        req id: Text<'a> = "id", text(36);
        req is_default: bool = "isDefault", FLAG;
        req is_superseded: bool = "isSuperseded", FLAG;
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `Get15118EvCertificate`."]
    Get15118EvCertificateRequest<'a> {
        req iso15118_schema_version: Text<'a> = "iso15118SchemaVersion", text(50);
        req action: Open<'a, CertificateAction> = "action", code(CertificateAction::TABLE);
        req exi_request: Identifier<'a> = "exiRequest", text(11000);
        opt maximum_contract_certificate_chains: Number<'a> = "maximumContractCertificateChains", integer(0, i32::MAX);
        opt prioritized_emai_ds: List<'a, Text<'a>> = "prioritizedEMAIDs", list(&text(255), 1, 8);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `Get15118EvCertificate`."]
    Get15118EvCertificateResponse<'a> {
        req status: Open<'a, Iso15118EvCertificateStatus> = "status", code(Iso15118EvCertificateStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
        req exi_response: Identifier<'a> = "exiResponse", text(17000);
        opt remaining_contracts: Number<'a> = "remainingContracts", integer(0, i32::MAX);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `GetBaseReport`."]
    GetBaseReportResponse<'a> {
        req status: Open<'a, GenericDeviceModelStatus> = "status", code(GenericDeviceModelStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `GetCertificateChainStatus`."]
    GetCertificateChainStatusRequest<'a> {
        req certificate_status_requests: List<'a, CertificateStatusRequestInfo<'a>> = "certificateStatusRequests", list(&object(CertificateStatusRequestInfo::SCHEMA), 1, 4);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `GetCertificateChainStatus`."]
    GetCertificateChainStatusResponse<'a> {
        req certificate_status: List<'a, CertificateStatus<'a>> = "certificateStatus", list(&object(CertificateStatus::SCHEMA), 1, 4);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `GetCertificateStatus`."]
    GetCertificateStatusRequest<'a> {
        req ocsp_request_data: OcspRequestData<'a> = "ocspRequestData", object(OcspRequestData::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `GetCertificateStatus`."]
    GetCertificateStatusResponse<'a> {
        req status: Open<'a, GetCertificateStatus> = "status", code(GetCertificateStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
        opt ocsp_result: Text<'a> = "ocspResult", text(18000);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `GetChargingProfiles`."]
    GetChargingProfilesRequest<'a> {
        req request_id: Number<'a> = "requestId", INTEGER;
        opt evse_id: Number<'a> = "evseId", integer(0, i32::MAX);
        req charging_profile: ChargingProfileCriterion<'a> = "chargingProfile", object(ChargingProfileCriterion::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `GetChargingProfiles`."]
    GetChargingProfilesResponse<'a> {
        req status: Open<'a, GetChargingProfileStatus> = "status", code(GetChargingProfileStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `GetCompositeSchedule`."]
    GetCompositeScheduleRequest<'a> {
        req duration: Number<'a> = "duration", INTEGER;
        opt charging_rate_unit: Open<'a, ChargingRateUnit> = "chargingRateUnit", code(ChargingRateUnit::TABLE);
        req evse_id: Number<'a> = "evseId", integer(0, i32::MAX);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `GetCompositeSchedule`."]
    GetCompositeScheduleResponse<'a> {
        req status: Open<'a, GenericStatus> = "status", code(GenericStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
        opt schedule: CompositeSchedule<'a> = "schedule", object(CompositeSchedule::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `GetDerControl`."]
    GetDerControlRequest<'a> {
        req request_id: Number<'a> = "requestId", INTEGER;
        opt is_default: bool = "isDefault", FLAG;
        opt control_type: Open<'a, DerControl> = "controlType", code(DerControl::TABLE);
        opt control_id: Text<'a> = "controlId", text(36);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `GetDerControl`."]
    GetDerControlResponse<'a> {
        req status: Open<'a, DerControlStatus> = "status", code(DerControlStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `GetDisplayMessages`."]
    GetDisplayMessagesRequest<'a> {
        opt id: List<'a, Number<'a>> = "id", list(&integer(0, i32::MAX), 1, u16::MAX);
        req request_id: Number<'a> = "requestId", INTEGER;
        opt priority: Open<'a, MessagePriority> = "priority", code(MessagePriority::TABLE);
        opt state: Open<'a, MessageState> = "state", code(MessageState::TABLE);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `GetDisplayMessages`."]
    GetDisplayMessagesResponse<'a> {
        req status: Open<'a, GetDisplayMessagesStatus> = "status", code(GetDisplayMessagesStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `GetInstalledCertificateIds`."]
    GetInstalledCertificateIdsRequest<'a> {
        opt certificate_type: List<'a, Open<'a, GetCertificateIdUse>> = "certificateType", list(&code(GetCertificateIdUse::TABLE), 1, u16::MAX);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `GetInstalledCertificateIds`."]
    GetInstalledCertificateIdsResponse<'a> {
        req status: Open<'a, GetInstalledCertificateStatus> = "status", code(GetInstalledCertificateStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
        opt certificate_hash_data_chain: List<'a, CertificateHashDataChain<'a>> = "certificateHashDataChain", list(&object(CertificateHashDataChain::SCHEMA), 1, u16::MAX);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `GetLog`."]
    GetLogRequest<'a> {
        req log: LogParameters<'a> = "log", object(LogParameters::SCHEMA);
        req log_type: Open<'a, Log> = "logType", code(Log::TABLE);
        req request_id: Number<'a> = "requestId", INTEGER;
        opt retries: Number<'a> = "retries", integer(0, i32::MAX);
        opt retry_interval: Number<'a> = "retryInterval", INTEGER;
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `GetLog`."]
    GetLogResponse<'a> {
        req status: Open<'a, LogStatus> = "status", code(LogStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
        opt filename: Text<'a> = "filename", text(255);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `GetMonitoringReport`."]
    GetMonitoringReportRequest<'a> {
        opt component_variable: List<'a, ComponentVariable<'a>> = "componentVariable", list(&object(ComponentVariable::SCHEMA), 1, u16::MAX);
        req request_id: Number<'a> = "requestId", INTEGER;
        opt monitoring_criteria: List<'a, Open<'a, MonitoringCriterion>> = "monitoringCriteria", list(&code(MonitoringCriterion::TABLE), 1, 3);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `GetMonitoringReport`."]
    GetMonitoringReportResponse<'a> {
        req status: Open<'a, GenericDeviceModelStatus> = "status", code(GenericDeviceModelStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `GetPeriodicEventStream`."]
    GetPeriodicEventStreamRequest<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `GetPeriodicEventStream`."]
    GetPeriodicEventStreamResponse<'a> {
        opt constant_stream_data: List<'a, ConstantStreamData<'a>> = "constantStreamData", list(&object(ConstantStreamData::SCHEMA), 1, u16::MAX);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `GetReport`."]
    GetReportRequest<'a> {
        opt component_variable: List<'a, ComponentVariable<'a>> = "componentVariable", list(&object(ComponentVariable::SCHEMA), 1, u16::MAX);
        req request_id: Number<'a> = "requestId", INTEGER;
        opt component_criteria: List<'a, Open<'a, ComponentCriterion>> = "componentCriteria", list(&code(ComponentCriterion::TABLE), 1, 4);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `GetReport`."]
    GetReportResponse<'a> {
        req status: Open<'a, GenericDeviceModelStatus> = "status", code(GenericDeviceModelStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `GetTariffs`."]
    GetTariffsRequest<'a> {
        req evse_id: Number<'a> = "evseId", integer(0, i32::MAX);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `GetTariffs`."]
    GetTariffsResponse<'a> {
        req status: Open<'a, TariffGetStatus> = "status", code(TariffGetStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
        opt tariff_assignments: List<'a, TariffAssignment<'a>> = "tariffAssignments", list(&object(TariffAssignment::SCHEMA), 1, u16::MAX);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`GetVariableData`."]
    GetVariableData<'a> {
        opt attribute_type: Open<'a, Attribute> = "attributeType", code(Attribute::TABLE);
        req component: Component<'a> = "component", object(Component::SCHEMA);
        req variable: Variable<'a> = "variable", object(Variable::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`GetVariableResult`."]
    GetVariableResult<'a> {
        req attribute_status: Open<'a, GetVariableStatus> = "attributeStatus", code(GetVariableStatus::TABLE);
        opt attribute_status_info: StatusInfo<'a> = "attributeStatusInfo", object(StatusInfo::SCHEMA);
        opt attribute_type: Open<'a, Attribute> = "attributeType", code(Attribute::TABLE);
        opt attribute_value: Text<'a> = "attributeValue", text(2500);
        req component: Component<'a> = "component", object(Component::SCHEMA);
        req variable: Variable<'a> = "variable", object(Variable::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `GetVariables`."]
    GetVariablesRequest<'a> {
        req get_variable_data: List<'a, GetVariableData<'a>> = "getVariableData", list(&object(GetVariableData::SCHEMA), 1, u16::MAX);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `GetVariables`."]
    GetVariablesResponse<'a> {
        req get_variable_result: List<'a, GetVariableResult<'a>> = "getVariableResult", list(&object(GetVariableResult::SCHEMA), 1, u16::MAX);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`Gradient`."]
    Gradient<'a> {
        req priority: Number<'a> = "priority", integer(0, i32::MAX);
        req gradient: Number<'a> = "gradient", NUMBER;
        req soft_gradient: Number<'a> = "softGradient", NUMBER;
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`GradientGet`."]
    GradientGet<'a> {
        req gradient: Gradient<'a> = "gradient", object(Gradient::SCHEMA);
        req id: Text<'a> = "id", text(36);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`Hysteresis`."]
    Hysteresis<'a> {
        opt hysteresis_high: Number<'a> = "hysteresisHigh", NUMBER;
        opt hysteresis_low: Number<'a> = "hysteresisLow", NUMBER;
        opt hysteresis_delay: Number<'a> = "hysteresisDelay", NUMBER;
        opt hysteresis_gradient: Number<'a> = "hysteresisGradient", NUMBER;
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`IdToken`."]
    IdToken<'a> {
        opt additional_info: List<'a, AdditionalInfo<'a>> = "additionalInfo", list(&object(AdditionalInfo::SCHEMA), 1, u16::MAX);
        req id_token: Identifier<'a> = "idToken", text(255);
        req type_: Text<'a> = "type", text(20);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`IdTokenInfo`."]
    IdTokenInfo<'a> {
        req status: Open<'a, AuthorizationStatus> = "status", code(AuthorizationStatus::TABLE);
        opt cache_expiry_date_time: DateTime<'a> = "cacheExpiryDateTime", TIME;
        opt charging_priority: Number<'a> = "chargingPriority", INTEGER;
        opt group_id_token: IdToken<'a> = "groupIdToken", object(IdToken::SCHEMA);
        opt language1: Text<'a> = "language1", text(8);
        opt language2: Text<'a> = "language2", text(8);
        opt evse_id: List<'a, Number<'a>> = "evseId", list(&integer(0, i32::MAX), 1, u16::MAX);
        opt personal_message: MessageContent<'a> = "personalMessage", object(MessageContent::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `InstallCertificate`."]
    InstallCertificateRequest<'a> {
        req certificate_type: Open<'a, InstallCertificateUse> = "certificateType", code(InstallCertificateUse::TABLE);
        req certificate: Identifier<'a> = "certificate", text(10000);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `InstallCertificate`."]
    InstallCertificateResponse<'a> {
        req status: Open<'a, InstallCertificateStatus> = "status", code(InstallCertificateStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`LimitAtSoc`."]
    LimitAtSoc<'a> {
        req soc: Number<'a> = "soc", integer(0, 100);
        req limit: Number<'a> = "limit", NUMBER;
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`LimitMaxDischarge`."]
    LimitMaxDischarge<'a> {
        req priority: Number<'a> = "priority", integer(0, i32::MAX);
        opt pct_max_discharge_power: Number<'a> = "pctMaxDischargePower", NUMBER;
        opt power_monitoring_must_trip: DerCurve<'a> = "powerMonitoringMustTrip", object(DerCurve::SCHEMA);
        opt start_time: DateTime<'a> = "startTime", TIME;
        opt duration: Number<'a> = "duration", NUMBER;
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`LimitMaxDischargeGet`."]
    LimitMaxDischargeGet<'a> {
        req id: Text<'a> = "id", text(36);
        req is_default: bool = "isDefault", FLAG;
        req is_superseded: bool = "isSuperseded", FLAG;
        req limit_max_discharge: LimitMaxDischarge<'a> = "limitMaxDischarge", object(LimitMaxDischarge::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`LogParameters`."]
    LogParameters<'a> {
        req remote_location: Text<'a> = "remoteLocation", text(2000);
        opt oldest_timestamp: DateTime<'a> = "oldestTimestamp", TIME;
        opt latest_timestamp: DateTime<'a> = "latestTimestamp", TIME;
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `LogStatusNotification`."]
    LogStatusNotificationRequest<'a> {
        req status: Open<'a, UploadLogStatus> = "status", code(UploadLogStatus::TABLE);
        opt request_id: Number<'a> = "requestId", INTEGER;
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`MessageContent`."]
    MessageContent<'a> {
        req format: Open<'a, MessageFormat> = "format", code(MessageFormat::TABLE);
        opt language: Text<'a> = "language", text(8);
        req content: Text<'a> = "content", text(1024);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`MessageInfo`."]
    MessageInfo<'a> {
        opt display: Component<'a> = "display", object(Component::SCHEMA);
        req id: Number<'a> = "id", integer(0, i32::MAX);
        req priority: Open<'a, MessagePriority> = "priority", code(MessagePriority::TABLE);
        opt state: Open<'a, MessageState> = "state", code(MessageState::TABLE);
        opt start_date_time: DateTime<'a> = "startDateTime", TIME;
        opt end_date_time: DateTime<'a> = "endDateTime", TIME;
        opt transaction_id: Text<'a> = "transactionId", text(36);
        req message: MessageContent<'a> = "message", object(MessageContent::SCHEMA);
        opt message_extra: List<'a, MessageContent<'a>> = "messageExtra", list(&object(MessageContent::SCHEMA), 1, 4);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`MeterValue`."]
    MeterValue<'a> {
        req sampled_value: List<'a, SampledValue<'a>> = "sampledValue", list(&object(SampledValue::SCHEMA), 1, u16::MAX);
        req timestamp: DateTime<'a> = "timestamp", TIME;
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `MeterValues`."]
    MeterValuesRequest<'a> {
        req evse_id: Number<'a> = "evseId", integer(0, i32::MAX);
        req meter_value: List<'a, MeterValue<'a>> = "meterValue", list(&object(MeterValue::SCHEMA), 1, u16::MAX);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`MonitoringData`."]
    MonitoringData<'a> {
        req component: Component<'a> = "component", object(Component::SCHEMA);
        req variable: Variable<'a> = "variable", object(Variable::SCHEMA);
        req variable_monitoring: List<'a, VariableMonitoring<'a>> = "variableMonitoring", list(&object(VariableMonitoring::SCHEMA), 1, u16::MAX);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`NetworkConnectionProfile`."]
    NetworkConnectionProfile<'a> {
        opt apn: Apn<'a> = "apn", object(Apn::SCHEMA);
        opt ocpp_version: Open<'a, OcppVersion> = "ocppVersion", code(OcppVersion::TABLE);
        req ocpp_interface: Open<'a, OcppInterface> = "ocppInterface", code(OcppInterface::TABLE);
        req ocpp_transport: Open<'a, OcppTransport> = "ocppTransport", code(OcppTransport::TABLE);
        req message_timeout: Number<'a> = "messageTimeout", INTEGER;
        req ocpp_csms_url: Text<'a> = "ocppCsmsUrl", text(2000);
        req security_profile: Number<'a> = "securityProfile", integer(0, i32::MAX);
        opt identity: Text<'a> = "identity", text(48);
        opt basic_auth_password: Text<'a> = "basicAuthPassword", text(64);
        opt vpn: Vpn<'a> = "vpn", object(Vpn::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `NotifyAllowedEnergyTransfer`."]
    NotifyAllowedEnergyTransferRequest<'a> {
        req transaction_id: Text<'a> = "transactionId", text(36);
        req allowed_energy_transfer: List<'a, Open<'a, EnergyTransferMode>> = "allowedEnergyTransfer", list(&code(EnergyTransferMode::TABLE), 1, u16::MAX);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `NotifyAllowedEnergyTransfer`."]
    NotifyAllowedEnergyTransferResponse<'a> {
        req status: Open<'a, NotifyAllowedEnergyTransferStatus> = "status", code(NotifyAllowedEnergyTransferStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `NotifyChargingLimit`."]
    NotifyChargingLimitRequest<'a> {
        opt charging_schedule: List<'a, ChargingSchedule<'a>> = "chargingSchedule", list(&object(ChargingSchedule::SCHEMA), 1, u16::MAX);
        opt evse_id: Number<'a> = "evseId", integer(0, i32::MAX);
        req charging_limit: ChargingLimit<'a> = "chargingLimit", object(ChargingLimit::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `NotifyCustomerInformation`."]
    NotifyCustomerInformationRequest<'a> {
        req data: Text<'a> = "data", text(512);
        opt tbc: bool = "tbc", FLAG;
        req seq_no: Number<'a> = "seqNo", integer(0, i32::MAX);
        req generated_at: DateTime<'a> = "generatedAt", TIME;
        req request_id: Number<'a> = "requestId", integer(0, i32::MAX);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `NotifyDerAlarm`."]
    NotifyDerAlarmRequest<'a> {
        req control_type: Open<'a, DerControl> = "controlType", code(DerControl::TABLE);
        opt grid_event_fault: Open<'a, GridEventFault> = "gridEventFault", code(GridEventFault::TABLE);
        opt alarm_ended: bool = "alarmEnded", FLAG;
        req timestamp: DateTime<'a> = "timestamp", TIME;
        opt extra_info: Text<'a> = "extraInfo", text(200);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `NotifyDerAlarm`."]
    NotifyDerAlarmResponse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `NotifyDerStartStop`."]
    NotifyDerStartStopRequest<'a> {
        req control_id: Text<'a> = "controlId", text(36);
        req started: bool = "started", FLAG;
        req timestamp: DateTime<'a> = "timestamp", TIME;
        opt superseded_ids: List<'a, Text<'a>> = "supersededIds", list(&text(36), 1, 24);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `NotifyDerStartStop`."]
    NotifyDerStartStopResponse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `NotifyDisplayMessages`."]
    NotifyDisplayMessagesRequest<'a> {
        opt message_info: List<'a, MessageInfo<'a>> = "messageInfo", list(&object(MessageInfo::SCHEMA), 1, u16::MAX);
        req request_id: Number<'a> = "requestId", INTEGER;
        opt tbc: bool = "tbc", FLAG;
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `NotifyEvChargingNeeds`."]
    NotifyEvChargingNeedsRequest<'a> {
        req evse_id: Number<'a> = "evseId", integer(1, i32::MAX);
        opt max_schedule_tuples: Number<'a> = "maxScheduleTuples", integer(0, i32::MAX);
        req charging_needs: ChargingNeeds<'a> = "chargingNeeds", object(ChargingNeeds::SCHEMA);
        opt timestamp: DateTime<'a> = "timestamp", TIME;
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `NotifyEvChargingNeeds`."]
    NotifyEvChargingNeedsResponse<'a> {
        req status: Open<'a, NotifyEvChargingNeedsStatus> = "status", code(NotifyEvChargingNeedsStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `NotifyEvChargingSchedule`."]
    NotifyEvChargingScheduleRequest<'a> {
        req time_base: DateTime<'a> = "timeBase", TIME;
        req charging_schedule: ChargingSchedule<'a> = "chargingSchedule", object(ChargingSchedule::SCHEMA);
        req evse_id: Number<'a> = "evseId", integer(1, i32::MAX);
        opt selected_charging_schedule_id: Number<'a> = "selectedChargingScheduleId", integer(0, i32::MAX);
        opt power_tolerance_acceptance: bool = "powerToleranceAcceptance", FLAG;
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `NotifyEvChargingSchedule`."]
    NotifyEvChargingScheduleResponse<'a> {
        req status: Open<'a, GenericStatus> = "status", code(GenericStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `NotifyEvent`."]
    NotifyEventRequest<'a> {
        req generated_at: DateTime<'a> = "generatedAt", TIME;
        opt tbc: bool = "tbc", FLAG;
        req seq_no: Number<'a> = "seqNo", integer(0, i32::MAX);
        req event_data: List<'a, EventData<'a>> = "eventData", list(&object(EventData::SCHEMA), 1, u16::MAX);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `NotifyMonitoringReport`."]
    NotifyMonitoringReportRequest<'a> {
        opt monitor: List<'a, MonitoringData<'a>> = "monitor", list(&object(MonitoringData::SCHEMA), 1, u16::MAX);
        req request_id: Number<'a> = "requestId", INTEGER;
        opt tbc: bool = "tbc", FLAG;
        req seq_no: Number<'a> = "seqNo", integer(0, i32::MAX);
        req generated_at: DateTime<'a> = "generatedAt", TIME;
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`NotifyPeriodicEventStream`."]
    NotifyPeriodicEventStream<'a> {
        req data: List<'a, StreamDataElement<'a>> = "data", list(&object(StreamDataElement::SCHEMA), 1, u16::MAX);
        req id: Number<'a> = "id", integer(0, i32::MAX);
        req pending: Number<'a> = "pending", integer(0, i32::MAX);
        req basetime: DateTime<'a> = "basetime", TIME;
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `NotifyPriorityCharging`."]
    NotifyPriorityChargingRequest<'a> {
        req transaction_id: Text<'a> = "transactionId", text(36);
        req activated: bool = "activated", FLAG;
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `NotifyPriorityCharging`."]
    NotifyPriorityChargingResponse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `NotifyReport`."]
    NotifyReportRequest<'a> {
        req request_id: Number<'a> = "requestId", INTEGER;
        req generated_at: DateTime<'a> = "generatedAt", TIME;
        opt report_data: List<'a, ReportData<'a>> = "reportData", list(&object(ReportData::SCHEMA), 1, u16::MAX);
        opt tbc: bool = "tbc", FLAG;
        req seq_no: Number<'a> = "seqNo", integer(0, i32::MAX);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `NotifySettlement`."]
    NotifySettlementRequest<'a> {
        opt transaction_id: Text<'a> = "transactionId", text(36);
        req psp_ref: Text<'a> = "pspRef", text(255);
        req status: Open<'a, PaymentStatus> = "status", code(PaymentStatus::TABLE);
        opt status_info: Text<'a> = "statusInfo", text(500);
        req settlement_amount: Number<'a> = "settlementAmount", NUMBER;
        req settlement_time: DateTime<'a> = "settlementTime", TIME;
        opt receipt_id: Text<'a> = "receiptId", text(50);
        opt receipt_url: Text<'a> = "receiptUrl", text(2000);
        opt vat_company: Address<'a> = "vatCompany", object(Address::SCHEMA);
        opt vat_number: Identifier<'a> = "vatNumber", text(20);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `NotifySettlement`."]
    NotifySettlementResponse<'a> {
        opt receipt_url: Text<'a> = "receiptUrl", text(2000);
        opt receipt_id: Text<'a> = "receiptId", text(50);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `NotifyWebPaymentStarted`."]
    NotifyWebPaymentStartedRequest<'a> {
        req evse_id: Number<'a> = "evseId", integer(0, i32::MAX);
        req timeout: Number<'a> = "timeout", INTEGER;
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `NotifyWebPaymentStarted`."]
    NotifyWebPaymentStartedResponse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`OcspRequestData`."]
    OcspRequestData<'a> {
        req hash_algorithm: Open<'a, HashAlgorithm> = "hashAlgorithm", code(HashAlgorithm::TABLE);
        req issuer_name_hash: Text<'a> = "issuerNameHash", text(128);
        req issuer_key_hash: Text<'a> = "issuerKeyHash", text(128);
        req serial_number: Identifier<'a> = "serialNumber", text(40);
        req responder_url: Text<'a> = "responderURL", text(2000);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `OpenPeriodicEventStream`."]
    OpenPeriodicEventStreamRequest<'a> {
        req constant_stream_data: ConstantStreamData<'a> = "constantStreamData", object(ConstantStreamData::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `OpenPeriodicEventStream`."]
    OpenPeriodicEventStreamResponse<'a> {
        req status: Open<'a, GenericStatus> = "status", code(GenericStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`OverstayRule`."]
    OverstayRule<'a> {
        req overstay_fee: RationalNumber<'a> = "overstayFee", object(RationalNumber::SCHEMA);
        opt overstay_rule_description: Text<'a> = "overstayRuleDescription", text(32);
        req start_time: Number<'a> = "startTime", INTEGER;
        req overstay_fee_period: Number<'a> = "overstayFeePeriod", INTEGER;
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`OverstayRuleList`."]
    OverstayRuleList<'a> {
        opt overstay_power_threshold: RationalNumber<'a> = "overstayPowerThreshold", object(RationalNumber::SCHEMA);
        req overstay_rule: List<'a, OverstayRule<'a>> = "overstayRule", list(&object(OverstayRule::SCHEMA), 1, 5);
        opt overstay_time_threshold: Number<'a> = "overstayTimeThreshold", INTEGER;
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`PeriodicEventStreamParams`."]
    PeriodicEventStreamParams<'a> {
        opt interval: Number<'a> = "interval", integer(0, i32::MAX);
        opt values: Number<'a> = "values", integer(0, i32::MAX);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`Price`."]
    Price<'a> {
        opt excl_tax: Number<'a> = "exclTax", NUMBER;
        opt incl_tax: Number<'a> = "inclTax", NUMBER;
        opt tax_rates: List<'a, TaxRate<'a>> = "taxRates", list(&object(TaxRate::SCHEMA), 1, 5);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`PriceLevelSchedule`."]
    PriceLevelSchedule<'a> {
        req price_level_schedule_entries: List<'a, PriceLevelScheduleEntry<'a>> = "priceLevelScheduleEntries", list(&object(PriceLevelScheduleEntry::SCHEMA), 1, 100);
        req time_anchor: DateTime<'a> = "timeAnchor", TIME;
        req price_schedule_id: Number<'a> = "priceScheduleId", integer(0, i32::MAX);
        opt price_schedule_description: Text<'a> = "priceScheduleDescription", text(32);
        req number_of_price_levels: Number<'a> = "numberOfPriceLevels", integer(0, i32::MAX);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`PriceLevelScheduleEntry`."]
    PriceLevelScheduleEntry<'a> {
        req duration: Number<'a> = "duration", INTEGER;
        req price_level: Number<'a> = "priceLevel", integer(0, i32::MAX);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`PriceRule`."]
    PriceRule<'a> {
        opt parking_fee_period: Number<'a> = "parkingFeePeriod", INTEGER;
        opt carbon_dioxide_emission: Number<'a> = "carbonDioxideEmission", integer(0, i32::MAX);
        opt renewable_generation_percentage: Number<'a> = "renewableGenerationPercentage", integer(0, 100);
        req energy_fee: RationalNumber<'a> = "energyFee", object(RationalNumber::SCHEMA);
        opt parking_fee: RationalNumber<'a> = "parkingFee", object(RationalNumber::SCHEMA);
        req power_range_start: RationalNumber<'a> = "powerRangeStart", object(RationalNumber::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`PriceRuleStack`."]
    PriceRuleStack<'a> {
        req duration: Number<'a> = "duration", INTEGER;
        req price_rule: List<'a, PriceRule<'a>> = "priceRule", list(&object(PriceRule::SCHEMA), 1, 8);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `PublishFirmware`."]
    PublishFirmwareRequest<'a> {
        req location: Text<'a> = "location", text(2000);
        opt retries: Number<'a> = "retries", integer(0, i32::MAX);
        req checksum: Text<'a> = "checksum", text(32);
        req request_id: Number<'a> = "requestId", integer(0, i32::MAX);
        opt retry_interval: Number<'a> = "retryInterval", integer(0, i32::MAX);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `PublishFirmware`."]
    PublishFirmwareResponse<'a> {
        req status: Open<'a, GenericStatus> = "status", code(GenericStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `PublishFirmwareStatusNotification`."]
    PublishFirmwareStatusNotificationRequest<'a> {
        req status: Open<'a, PublishFirmwareStatus> = "status", code(PublishFirmwareStatus::TABLE);
        opt location: List<'a, Text<'a>> = "location", list(&text(2000), 1, u16::MAX);
        opt request_id: Number<'a> = "requestId", integer(0, i32::MAX);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `PullDynamicScheduleUpdate`."]
    PullDynamicScheduleUpdateRequest<'a> {
        req charging_profile_id: Number<'a> = "chargingProfileId", INTEGER;
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `PullDynamicScheduleUpdate`."]
    PullDynamicScheduleUpdateResponse<'a> {
        opt schedule_update: ChargingScheduleUpdate<'a> = "scheduleUpdate", object(ChargingScheduleUpdate::SCHEMA);
        req status: Open<'a, ChargingProfileStatus> = "status", code(ChargingProfileStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`RationalNumber`."]
    RationalNumber<'a> {
        req exponent: Number<'a> = "exponent", INTEGER;
        req value: Number<'a> = "value", INTEGER;
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`ReactivePowerParams`."]
    ReactivePowerParams<'a> {
        opt v_ref: Number<'a> = "vRef", NUMBER;
        opt autonomous_v_ref_enable: bool = "autonomousVRefEnable", FLAG;
        opt autonomous_v_ref_time_constant: Number<'a> = "autonomousVRefTimeConstant", NUMBER;
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `ReportChargingProfiles`."]
    ReportChargingProfilesRequest<'a> {
        req request_id: Number<'a> = "requestId", INTEGER;
        req charging_limit_source: Text<'a> = "chargingLimitSource", text(20);
        req charging_profile: List<'a, ChargingProfile<'a>> = "chargingProfile", list(&object(ChargingProfile::SCHEMA), 1, u16::MAX);
        opt tbc: bool = "tbc", FLAG;
        req evse_id: Number<'a> = "evseId", integer(0, i32::MAX);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`ReportData`."]
    ReportData<'a> {
        req component: Component<'a> = "component", object(Component::SCHEMA);
        req variable: Variable<'a> = "variable", object(Variable::SCHEMA);
        req variable_attribute: List<'a, VariableAttribute<'a>> = "variableAttribute", list(&object(VariableAttribute::SCHEMA), 1, 4);
        opt variable_characteristics: VariableCharacteristics<'a> = "variableCharacteristics", object(VariableCharacteristics::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `ReportDerControl`."]
    ReportDerControlRequest<'a> {
        opt curve: List<'a, DerCurveGet<'a>> = "curve", list(&object(DerCurveGet::SCHEMA), 1, 24);
        opt enter_service: List<'a, EnterServiceGet<'a>> = "enterService", list(&object(EnterServiceGet::SCHEMA), 1, 24);
        opt fixed_pf_absorb: List<'a, FixedPfGet<'a>> = "fixedPFAbsorb", list(&object(FixedPfGet::SCHEMA), 1, 24);
        opt fixed_pf_inject: List<'a, FixedPfGet<'a>> = "fixedPFInject", list(&object(FixedPfGet::SCHEMA), 1, 24);
        opt fixed_var: List<'a, FixedVarGet<'a>> = "fixedVar", list(&object(FixedVarGet::SCHEMA), 1, 24);
        opt freq_droop: List<'a, FreqDroopGet<'a>> = "freqDroop", list(&object(FreqDroopGet::SCHEMA), 1, 24);
        opt gradient: List<'a, GradientGet<'a>> = "gradient", list(&object(GradientGet::SCHEMA), 1, 24);
        opt limit_max_discharge: List<'a, LimitMaxDischargeGet<'a>> = "limitMaxDischarge", list(&object(LimitMaxDischargeGet::SCHEMA), 1, 24);
        req request_id: Number<'a> = "requestId", INTEGER;
        opt tbc: bool = "tbc", FLAG;
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `ReportDerControl`."]
    ReportDerControlResponse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `RequestBatterySwap`."]
    RequestBatterySwapRequest<'a> {
        req id_token: IdToken<'a> = "idToken", object(IdToken::SCHEMA);
        req request_id: Number<'a> = "requestId", INTEGER;
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `RequestBatterySwap`."]
    RequestBatterySwapResponse<'a> {
        req status: Open<'a, GenericStatus> = "status", code(GenericStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `RequestStartTransaction`."]
    RequestStartTransactionRequest<'a> {
        opt evse_id: Number<'a> = "evseId", integer(1, i32::MAX);
        opt group_id_token: IdToken<'a> = "groupIdToken", object(IdToken::SCHEMA);
        req id_token: IdToken<'a> = "idToken", object(IdToken::SCHEMA);
        req remote_start_id: Number<'a> = "remoteStartId", INTEGER;
        opt charging_profile: ChargingProfile<'a> = "chargingProfile", object(ChargingProfile::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `RequestStartTransaction`."]
    RequestStartTransactionResponse<'a> {
        req status: Open<'a, RequestStartStopStatus> = "status", code(RequestStartStopStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
        opt transaction_id: Text<'a> = "transactionId", text(36);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `RequestStopTransaction`."]
    RequestStopTransactionResponse<'a> {
        req status: Open<'a, RequestStartStopStatus> = "status", code(RequestStartStopStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `ReservationStatusUpdate`."]
    ReservationStatusUpdateRequest<'a> {
        req reservation_id: Number<'a> = "reservationId", integer(0, i32::MAX);
        req reservation_update_status: Open<'a, ReservationUpdateStatus> = "reservationUpdateStatus", code(ReservationUpdateStatus::TABLE);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `ReserveNow`."]
    ReserveNowRequest<'a> {
        req id: Number<'a> = "id", integer(0, i32::MAX);
        req expiry_date_time: DateTime<'a> = "expiryDateTime", TIME;
        opt connector_type: Text<'a> = "connectorType", text(20);
        req id_token: IdToken<'a> = "idToken", object(IdToken::SCHEMA);
        opt evse_id: Number<'a> = "evseId", integer(0, i32::MAX);
        opt group_id_token: IdToken<'a> = "groupIdToken", object(IdToken::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `ReserveNow`."]
    ReserveNowResponse<'a> {
        req status: Open<'a, ReserveNowStatus> = "status", code(ReserveNowStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `Reset`."]
    ResetRequest<'a> {
        req type_: Open<'a, Reset> = "type", code(Reset::TABLE);
        opt evse_id: Number<'a> = "evseId", integer(0, i32::MAX);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `Reset`."]
    ResetResponse<'a> {
        req status: Open<'a, ResetStatus> = "status", code(ResetStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`SalesTariff`."]
    SalesTariff<'a> {
        req id: Number<'a> = "id", integer(0, i32::MAX);
        opt sales_tariff_description: Text<'a> = "salesTariffDescription", text(32);
        opt num_e_price_levels: Number<'a> = "numEPriceLevels", integer(0, i32::MAX);
        req sales_tariff_entry: List<'a, SalesTariffEntry<'a>> = "salesTariffEntry", list(&object(SalesTariffEntry::SCHEMA), 1, 1024);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`SampledValue`."]
    SampledValue<'a> {
        req value: Number<'a> = "value", NUMBER;
        opt measurand: Open<'a, Measurand> = "measurand", code(Measurand::TABLE);
        opt context: Open<'a, ReadingContext> = "context", code(ReadingContext::TABLE);
        opt phase: Open<'a, Phase> = "phase", code(Phase::TABLE);
        opt location: Open<'a, Location> = "location", code(Location::TABLE);
        opt signed_meter_value: SignedMeterValue<'a> = "signedMeterValue", object(SignedMeterValue::SCHEMA);
        opt unit_of_measure: UnitOfMeasure<'a> = "unitOfMeasure", object(UnitOfMeasure::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `SendLocalList`."]
    SendLocalListRequest<'a> {
        opt local_authorization_list: List<'a, AuthorizationData<'a>> = "localAuthorizationList", list(&object(AuthorizationData::SCHEMA), 1, u16::MAX);
        req version_number: Number<'a> = "versionNumber", INTEGER;
        req update_type: Open<'a, Update> = "updateType", code(Update::TABLE);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `SendLocalList`."]
    SendLocalListResponse<'a> {
        req status: Open<'a, SendLocalListStatus> = "status", code(SendLocalListStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `SetChargingProfile`."]
    SetChargingProfileRequest<'a> {
        req evse_id: Number<'a> = "evseId", integer(0, i32::MAX);
        req charging_profile: ChargingProfile<'a> = "chargingProfile", object(ChargingProfile::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `SetChargingProfile`."]
    SetChargingProfileResponse<'a> {
        req status: Open<'a, ChargingProfileStatus> = "status", code(ChargingProfileStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `SetDefaultTariff`."]
    SetDefaultTariffRequest<'a> {
        req evse_id: Number<'a> = "evseId", integer(0, i32::MAX);
        req tariff: Tariff<'a> = "tariff", object(Tariff::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `SetDefaultTariff`."]
    SetDefaultTariffResponse<'a> {
        req status: Open<'a, TariffSetStatus> = "status", code(TariffSetStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `SetDerControl`."]
    SetDerControlRequest<'a> {
        req is_default: bool = "isDefault", FLAG;
        req control_id: Text<'a> = "controlId", text(36);
        req control_type: Open<'a, DerControl> = "controlType", code(DerControl::TABLE);
        opt curve: DerCurve<'a> = "curve", object(DerCurve::SCHEMA);
        opt enter_service: EnterService<'a> = "enterService", object(EnterService::SCHEMA);
        opt fixed_pf_absorb: FixedPf<'a> = "fixedPFAbsorb", object(FixedPf::SCHEMA);
        opt fixed_pf_inject: FixedPf<'a> = "fixedPFInject", object(FixedPf::SCHEMA);
        opt fixed_var: FixedVar<'a> = "fixedVar", object(FixedVar::SCHEMA);
        opt freq_droop: FreqDroop<'a> = "freqDroop", object(FreqDroop::SCHEMA);
        opt gradient: Gradient<'a> = "gradient", object(Gradient::SCHEMA);
        opt limit_max_discharge: LimitMaxDischarge<'a> = "limitMaxDischarge", object(LimitMaxDischarge::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `SetDerControl`."]
    SetDerControlResponse<'a> {
        req status: Open<'a, DerControlStatus> = "status", code(DerControlStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
        opt superseded_ids: List<'a, Text<'a>> = "supersededIds", list(&text(36), 1, 24);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `SetDisplayMessage`."]
    SetDisplayMessageRequest<'a> {
        req message: MessageInfo<'a> = "message", object(MessageInfo::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `SetDisplayMessage`."]
    SetDisplayMessageResponse<'a> {
        req status: Open<'a, DisplayMessageStatus> = "status", code(DisplayMessageStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `SetMonitoringBase`."]
    SetMonitoringBaseResponse<'a> {
        req status: Open<'a, GenericDeviceModelStatus> = "status", code(GenericDeviceModelStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`SetMonitoringData`."]
    SetMonitoringData<'a> {
        opt id: Number<'a> = "id", integer(0, i32::MAX);
        opt periodic_event_stream: PeriodicEventStreamParams<'a> = "periodicEventStream", object(PeriodicEventStreamParams::SCHEMA);
        opt transaction: bool = "transaction", FLAG;
        req value: Number<'a> = "value", NUMBER;
        req type_: Open<'a, Monitor> = "type", code(Monitor::TABLE);
        req severity: Number<'a> = "severity", integer(0, i32::MAX);
        req component: Component<'a> = "component", object(Component::SCHEMA);
        req variable: Variable<'a> = "variable", object(Variable::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `SetMonitoringLevel`."]
    SetMonitoringLevelRequest<'a> {
        req severity: Number<'a> = "severity", integer(0, i32::MAX);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `SetMonitoringLevel`."]
    SetMonitoringLevelResponse<'a> {
        req status: Open<'a, GenericStatus> = "status", code(GenericStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`SetMonitoringResult`."]
    SetMonitoringResult<'a> {
        opt id: Number<'a> = "id", integer(0, i32::MAX);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
        req status: Open<'a, SetMonitoringStatus> = "status", code(SetMonitoringStatus::TABLE);
        req type_: Open<'a, Monitor> = "type", code(Monitor::TABLE);
        req component: Component<'a> = "component", object(Component::SCHEMA);
        req variable: Variable<'a> = "variable", object(Variable::SCHEMA);
        req severity: Number<'a> = "severity", integer(0, i32::MAX);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `SetNetworkProfile`."]
    SetNetworkProfileRequest<'a> {
        req configuration_slot: Number<'a> = "configurationSlot", INTEGER;
        req connection_data: NetworkConnectionProfile<'a> = "connectionData", object(NetworkConnectionProfile::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `SetNetworkProfile`."]
    SetNetworkProfileResponse<'a> {
        req status: Open<'a, SetNetworkProfileStatus> = "status", code(SetNetworkProfileStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`SetVariableData`."]
    SetVariableData<'a> {
        opt attribute_type: Open<'a, Attribute> = "attributeType", code(Attribute::TABLE);
        req attribute_value: Text<'a> = "attributeValue", text(2500);
        req component: Component<'a> = "component", object(Component::SCHEMA);
        req variable: Variable<'a> = "variable", object(Variable::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `SetVariableMonitoring`."]
    SetVariableMonitoringRequest<'a> {
        req set_monitoring_data: List<'a, SetMonitoringData<'a>> = "setMonitoringData", list(&object(SetMonitoringData::SCHEMA), 1, u16::MAX);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `SetVariableMonitoring`."]
    SetVariableMonitoringResponse<'a> {
        req set_monitoring_result: List<'a, SetMonitoringResult<'a>> = "setMonitoringResult", list(&object(SetMonitoringResult::SCHEMA), 1, u16::MAX);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`SetVariableResult`."]
    SetVariableResult<'a> {
        opt attribute_type: Open<'a, Attribute> = "attributeType", code(Attribute::TABLE);
        req attribute_status: Open<'a, SetVariableStatus> = "attributeStatus", code(SetVariableStatus::TABLE);
        opt attribute_status_info: StatusInfo<'a> = "attributeStatusInfo", object(StatusInfo::SCHEMA);
        req component: Component<'a> = "component", object(Component::SCHEMA);
        req variable: Variable<'a> = "variable", object(Variable::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `SetVariables`."]
    SetVariablesRequest<'a> {
        req set_variable_data: List<'a, SetVariableData<'a>> = "setVariableData", list(&object(SetVariableData::SCHEMA), 1, u16::MAX);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `SetVariables`."]
    SetVariablesResponse<'a> {
        req set_variable_result: List<'a, SetVariableResult<'a>> = "setVariableResult", list(&object(SetVariableResult::SCHEMA), 1, u16::MAX);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `SignCertificate`."]
    SignCertificateRequest<'a> {
        req csr: Identifier<'a> = "csr", text(5500);
        opt certificate_type: Open<'a, CertificateSigningUse> = "certificateType", code(CertificateSigningUse::TABLE);
        opt hash_root_certificate: CertificateHashData<'a> = "hashRootCertificate", object(CertificateHashData::SCHEMA);
        opt request_id: Number<'a> = "requestId", INTEGER;
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `SignCertificate`."]
    SignCertificateResponse<'a> {
        req status: Open<'a, GenericStatus> = "status", code(GenericStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`SignedMeterValue`."]
    SignedMeterValue<'a> {
        req signed_meter_data: Text<'a> = "signedMeterData", text(32768);
        opt signing_method: Text<'a> = "signingMethod", text(50);
        req encoding_method: Text<'a> = "encodingMethod", text(50);
        opt public_key: Text<'a> = "publicKey", text(2500);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`StatusInfo`."]
    StatusInfo<'a> {
        req reason_code: Text<'a> = "reasonCode", text(20);
        opt additional_info: Text<'a> = "additionalInfo", text(1024);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `StatusNotification`."]
    StatusNotificationRequest<'a> {
        req timestamp: DateTime<'a> = "timestamp", TIME;
        req connector_status: Open<'a, ConnectorStatus> = "connectorStatus", code(ConnectorStatus::TABLE);
        req evse_id: Number<'a> = "evseId", integer(0, i32::MAX);
        req connector_id: Number<'a> = "connectorId", integer(0, i32::MAX);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`StreamDataElement`."]
    StreamDataElement<'a> {
        req t: Number<'a> = "t", NUMBER;
        req v: Text<'a> = "v", text(2500);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`Tariff`."]
    Tariff<'a> {
        req tariff_id: Text<'a> = "tariffId", text(60);
        opt description: List<'a, MessageContent<'a>> = "description", list(&object(MessageContent::SCHEMA), 1, 10);
        req currency: Text<'a> = "currency", text(3);
        opt energy: TariffEnergy<'a> = "energy", object(TariffEnergy::SCHEMA);
        opt valid_from: DateTime<'a> = "validFrom", TIME;
        opt charging_time: TariffTime<'a> = "chargingTime", object(TariffTime::SCHEMA);
        opt idle_time: TariffTime<'a> = "idleTime", object(TariffTime::SCHEMA);
        opt fixed_fee: TariffFixed<'a> = "fixedFee", object(TariffFixed::SCHEMA);
        opt reservation_time: TariffTime<'a> = "reservationTime", object(TariffTime::SCHEMA);
        opt reservation_fixed: TariffFixed<'a> = "reservationFixed", object(TariffFixed::SCHEMA);
        opt min_cost: Price<'a> = "minCost", object(Price::SCHEMA);
        opt max_cost: Price<'a> = "maxCost", object(Price::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`TariffAssignment`."]
    TariffAssignment<'a> {
        req tariff_id: Text<'a> = "tariffId", text(60);
        req tariff_kind: Open<'a, TariffKind> = "tariffKind", code(TariffKind::TABLE);
        opt valid_from: DateTime<'a> = "validFrom", TIME;
        opt evse_ids: List<'a, Number<'a>> = "evseIds", list(&integer(0, i32::MAX), 1, u16::MAX);
        opt id_tokens: List<'a, Text<'a>> = "idTokens", list(&text(255), 1, u16::MAX);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`TariffConditions`."]
    TariffConditions<'a> {
        opt start_time_of_day: Text<'a> = "startTimeOfDay", TEXT;
        opt end_time_of_day: Text<'a> = "endTimeOfDay", TEXT;
        opt day_of_week: List<'a, Open<'a, DayOfWeek>> = "dayOfWeek", list(&code(DayOfWeek::TABLE), 1, 7);
        opt valid_from_date: Text<'a> = "validFromDate", TEXT;
        opt valid_to_date: Text<'a> = "validToDate", TEXT;
        opt evse_kind: Open<'a, EvseKind> = "evseKind", code(EvseKind::TABLE);
        opt min_energy: Number<'a> = "minEnergy", NUMBER;
        opt max_energy: Number<'a> = "maxEnergy", NUMBER;
        opt min_current: Number<'a> = "minCurrent", NUMBER;
        opt max_current: Number<'a> = "maxCurrent", NUMBER;
        opt min_power: Number<'a> = "minPower", NUMBER;
        opt max_power: Number<'a> = "maxPower", NUMBER;
        opt min_time: Number<'a> = "minTime", INTEGER;
        opt max_time: Number<'a> = "maxTime", INTEGER;
        opt min_charging_time: Number<'a> = "minChargingTime", INTEGER;
        opt max_charging_time: Number<'a> = "maxChargingTime", INTEGER;
        opt min_idle_time: Number<'a> = "minIdleTime", INTEGER;
        opt max_idle_time: Number<'a> = "maxIdleTime", INTEGER;
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`TariffConditionsFixed`."]
    TariffConditionsFixed<'a> {
        opt start_time_of_day: Text<'a> = "startTimeOfDay", TEXT;
        opt end_time_of_day: Text<'a> = "endTimeOfDay", TEXT;
        opt day_of_week: List<'a, Open<'a, DayOfWeek>> = "dayOfWeek", list(&code(DayOfWeek::TABLE), 1, 7);
        opt valid_from_date: Text<'a> = "validFromDate", TEXT;
        opt valid_to_date: Text<'a> = "validToDate", TEXT;
        opt evse_kind: Open<'a, EvseKind> = "evseKind", code(EvseKind::TABLE);
        opt payment_brand: Text<'a> = "paymentBrand", text(20);
        opt payment_recognition: Text<'a> = "paymentRecognition", text(20);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`TariffEnergy`."]
    TariffEnergy<'a> {
        req prices: List<'a, TariffEnergyPrice<'a>> = "prices", list(&object(TariffEnergyPrice::SCHEMA), 1, u16::MAX);
        opt tax_rates: List<'a, TaxRate<'a>> = "taxRates", list(&object(TaxRate::SCHEMA), 1, 5);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`TariffEnergyPrice`."]
    TariffEnergyPrice<'a> {
        req price_kwh: Number<'a> = "priceKwh", NUMBER;
        opt conditions: TariffConditions<'a> = "conditions", object(TariffConditions::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`TariffFixed`."]
    TariffFixed<'a> {
        req prices: List<'a, TariffFixedPrice<'a>> = "prices", list(&object(TariffFixedPrice::SCHEMA), 1, u16::MAX);
        opt tax_rates: List<'a, TaxRate<'a>> = "taxRates", list(&object(TaxRate::SCHEMA), 1, 5);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`TariffFixedPrice`."]
    TariffFixedPrice<'a> {
        opt conditions: TariffConditionsFixed<'a> = "conditions", object(TariffConditionsFixed::SCHEMA);
        req price_fixed: Number<'a> = "priceFixed", NUMBER;
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`TariffTime`."]
    TariffTime<'a> {
        req prices: List<'a, TariffTimePrice<'a>> = "prices", list(&object(TariffTimePrice::SCHEMA), 1, u16::MAX);
        opt tax_rates: List<'a, TaxRate<'a>> = "taxRates", list(&object(TaxRate::SCHEMA), 1, 5);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`TariffTimePrice`."]
    TariffTimePrice<'a> {
        req price_minute: Number<'a> = "priceMinute", NUMBER;
        opt conditions: TariffConditions<'a> = "conditions", object(TariffConditions::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`TaxRate`."]
    TaxRate<'a> {
        req type_: Text<'a> = "type", text(20);
        req tax: Number<'a> = "tax", NUMBER;
        opt stack: Number<'a> = "stack", integer(0, i32::MAX);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`TaxRule`."]
    TaxRule<'a> {
        req tax_rule_id: Number<'a> = "taxRuleID", integer(0, i32::MAX);
        opt tax_rule_name: Text<'a> = "taxRuleName", text(100);
        opt tax_included_in_price: bool = "taxIncludedInPrice", FLAG;
        req applies_to_energy_fee: bool = "appliesToEnergyFee", FLAG;
        req applies_to_parking_fee: bool = "appliesToParkingFee", FLAG;
        req applies_to_overstay_fee: bool = "appliesToOverstayFee", FLAG;
        req applies_to_minimum_maximum_cost: bool = "appliesToMinimumMaximumCost", FLAG;
        req tax_rate: RationalNumber<'a> = "taxRate", object(RationalNumber::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`TotalCost`."]
    TotalCost<'a> {
        req currency: Text<'a> = "currency", text(3);
        req type_of_cost: Open<'a, TariffCost> = "typeOfCost", code(TariffCost::TABLE);
        opt fixed: Price<'a> = "fixed", object(Price::SCHEMA);
        opt energy: Price<'a> = "energy", object(Price::SCHEMA);
        opt charging_time: Price<'a> = "chargingTime", object(Price::SCHEMA);
        opt idle_time: Price<'a> = "idleTime", object(Price::SCHEMA);
        opt reservation_time: Price<'a> = "reservationTime", object(Price::SCHEMA);
        opt reservation_fixed: Price<'a> = "reservationFixed", object(Price::SCHEMA);
        req total: TotalPrice<'a> = "total", object(TotalPrice::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`TotalPrice`."]
    TotalPrice<'a> {
        opt excl_tax: Number<'a> = "exclTax", NUMBER;
        opt incl_tax: Number<'a> = "inclTax", NUMBER;
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`TotalUsage`."]
    TotalUsage<'a> {
        req energy: Number<'a> = "energy", NUMBER;
        req charging_time: Number<'a> = "chargingTime", INTEGER;
        req idle_time: Number<'a> = "idleTime", INTEGER;
        opt reservation_time: Number<'a> = "reservationTime", INTEGER;
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`Transaction`."]
    Transaction<'a> {
        req transaction_id: Text<'a> = "transactionId", text(36);
        opt charging_state: Open<'a, ChargingState> = "chargingState", code(ChargingState::TABLE);
        opt time_spent_charging: Number<'a> = "timeSpentCharging", INTEGER;
        opt stopped_reason: Open<'a, Reason> = "stoppedReason", code(Reason::TABLE);
        opt remote_start_id: Number<'a> = "remoteStartId", INTEGER;
        opt operation_mode: Open<'a, OperationMode> = "operationMode", code(OperationMode::TABLE);
        opt tariff_id: Text<'a> = "tariffId", text(60);
        opt transaction_limit: TransactionLimit<'a> = "transactionLimit", object(TransactionLimit::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `TransactionEvent`."]
    TransactionEventRequest<'a> {
        opt cost_details: CostDetails<'a> = "costDetails", object(CostDetails::SCHEMA);
        req event_type: Open<'a, TransactionEvent> = "eventType", code(TransactionEvent::TABLE);
        opt meter_value: List<'a, MeterValue<'a>> = "meterValue", list(&object(MeterValue::SCHEMA), 1, u16::MAX);
        req timestamp: DateTime<'a> = "timestamp", TIME;
        req trigger_reason: Open<'a, TriggerReason> = "triggerReason", code(TriggerReason::TABLE);
        req seq_no: Number<'a> = "seqNo", integer(0, i32::MAX);
        opt offline: bool = "offline", FLAG;
        opt number_of_phases_used: Number<'a> = "numberOfPhasesUsed", integer(0, 3);
        opt cable_max_current: Number<'a> = "cableMaxCurrent", INTEGER;
        opt reservation_id: Number<'a> = "reservationId", integer(0, i32::MAX);
        opt preconditioning_status: Open<'a, PreconditioningStatus> = "preconditioningStatus", code(PreconditioningStatus::TABLE);
        opt evse_sleep: bool = "evseSleep", FLAG;
        req transaction_info: Transaction<'a> = "transactionInfo", object(Transaction::SCHEMA);
        opt evse: Evse<'a> = "evse", object(Evse::SCHEMA);
        opt id_token: IdToken<'a> = "idToken", object(IdToken::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `TransactionEvent`."]
    TransactionEventResponse<'a> {
        opt total_cost: Number<'a> = "totalCost", NUMBER;
        opt charging_priority: Number<'a> = "chargingPriority", INTEGER;
        opt id_token_info: IdTokenInfo<'a> = "idTokenInfo", object(IdTokenInfo::SCHEMA);
        opt transaction_limit: TransactionLimit<'a> = "transactionLimit", object(TransactionLimit::SCHEMA);
        opt updated_personal_message: MessageContent<'a> = "updatedPersonalMessage", object(MessageContent::SCHEMA);
        opt updated_personal_message_extra: List<'a, MessageContent<'a>> = "updatedPersonalMessageExtra", list(&object(MessageContent::SCHEMA), 1, 4);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`TransactionLimit`."]
    TransactionLimit<'a> {
        opt max_cost: Number<'a> = "maxCost", NUMBER;
        opt max_energy: Number<'a> = "maxEnergy", NUMBER;
        opt max_time: Number<'a> = "maxTime", INTEGER;
        opt max_soc: Number<'a> = "maxSoC", integer(0, 100);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `TriggerMessage`."]
    TriggerMessageRequest<'a> {
        opt evse: Evse<'a> = "evse", object(Evse::SCHEMA);
        req requested_message: Open<'a, MessageTrigger> = "requestedMessage", code(MessageTrigger::TABLE);
        opt custom_trigger: Text<'a> = "customTrigger", text(50);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `TriggerMessage`."]
    TriggerMessageResponse<'a> {
        req status: Open<'a, TriggerMessageStatus> = "status", code(TriggerMessageStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `UnlockConnector`."]
    UnlockConnectorRequest<'a> {
        req evse_id: Number<'a> = "evseId", integer(0, i32::MAX);
        req connector_id: Number<'a> = "connectorId", integer(0, i32::MAX);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `UnlockConnector`."]
    UnlockConnectorResponse<'a> {
        req status: Open<'a, UnlockStatus> = "status", code(UnlockStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `UpdateDynamicSchedule`."]
    UpdateDynamicScheduleRequest<'a> {
        req charging_profile_id: Number<'a> = "chargingProfileId", INTEGER;
        req schedule_update: ChargingScheduleUpdate<'a> = "scheduleUpdate", object(ChargingScheduleUpdate::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `UpdateDynamicSchedule`."]
    UpdateDynamicScheduleResponse<'a> {
        req status: Open<'a, ChargingProfileStatus> = "status", code(ChargingProfileStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `UpdateFirmware`."]
    UpdateFirmwareRequest<'a> {
        opt retries: Number<'a> = "retries", integer(0, i32::MAX);
        opt retry_interval: Number<'a> = "retryInterval", INTEGER;
        req request_id: Number<'a> = "requestId", INTEGER;
        req firmware: Firmware<'a> = "firmware", object(Firmware::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `UpdateFirmware`."]
    UpdateFirmwareResponse<'a> {
        req status: Open<'a, UpdateFirmwareStatus> = "status", code(UpdateFirmwareStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `UsePriorityCharging`."]
    UsePriorityChargingRequest<'a> {
        req transaction_id: Text<'a> = "transactionId", text(36);
        req activate: bool = "activate", FLAG;
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `UsePriorityCharging`."]
    UsePriorityChargingResponse<'a> {
        req status: Open<'a, PriorityChargingStatus> = "status", code(PriorityChargingStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`V2xChargingParameters`."]
    V2xChargingParameters<'a> {
        opt min_charge_power: Number<'a> = "minChargePower", NUMBER;
        opt min_charge_power_l2: Number<'a> = "minChargePower_L2", NUMBER;
        opt min_charge_power_l3: Number<'a> = "minChargePower_L3", NUMBER;
        opt max_charge_power: Number<'a> = "maxChargePower", NUMBER;
        opt max_charge_power_l2: Number<'a> = "maxChargePower_L2", NUMBER;
        opt max_charge_power_l3: Number<'a> = "maxChargePower_L3", NUMBER;
        opt min_discharge_power: Number<'a> = "minDischargePower", NUMBER;
        opt min_discharge_power_l2: Number<'a> = "minDischargePower_L2", NUMBER;
        opt min_discharge_power_l3: Number<'a> = "minDischargePower_L3", NUMBER;
        opt max_discharge_power: Number<'a> = "maxDischargePower", NUMBER;
        opt max_discharge_power_l2: Number<'a> = "maxDischargePower_L2", NUMBER;
        opt max_discharge_power_l3: Number<'a> = "maxDischargePower_L3", NUMBER;
        opt min_charge_current: Number<'a> = "minChargeCurrent", NUMBER;
        opt max_charge_current: Number<'a> = "maxChargeCurrent", NUMBER;
        opt min_discharge_current: Number<'a> = "minDischargeCurrent", NUMBER;
        opt max_discharge_current: Number<'a> = "maxDischargeCurrent", NUMBER;
        opt min_voltage: Number<'a> = "minVoltage", NUMBER;
        opt max_voltage: Number<'a> = "maxVoltage", NUMBER;
        opt ev_target_energy_request: Number<'a> = "evTargetEnergyRequest", NUMBER;
        opt ev_min_energy_request: Number<'a> = "evMinEnergyRequest", NUMBER;
        opt ev_max_energy_request: Number<'a> = "evMaxEnergyRequest", NUMBER;
        opt ev_min_v2x_energy_request: Number<'a> = "evMinV2XEnergyRequest", NUMBER;
        opt ev_max_v2x_energy_request: Number<'a> = "evMaxV2XEnergyRequest", NUMBER;
        opt target_soc: Number<'a> = "targetSoC", integer(0, 100);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`V2xFreqWattPoint`."]
    V2xFreqWattPoint<'a> {
        req frequency: Number<'a> = "frequency", NUMBER;
        req power: Number<'a> = "power", NUMBER;
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`V2xSignalWattPoint`."]
    V2xSignalWattPoint<'a> {
        req signal: Number<'a> = "signal", INTEGER;
        req power: Number<'a> = "power", NUMBER;
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`VariableCharacteristics`."]
    VariableCharacteristics<'a> {
        opt unit: Text<'a> = "unit", text(16);
        req data_type: Open<'a, Data> = "dataType", code(Data::TABLE);
        opt min_limit: Number<'a> = "minLimit", NUMBER;
        opt max_limit: Number<'a> = "maxLimit", NUMBER;
        opt max_elements: Number<'a> = "maxElements", integer(1, i32::MAX);
        opt values_list: Text<'a> = "valuesList", text(1000);
        req supports_monitoring: bool = "supportsMonitoring", FLAG;
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`VariableMonitoring`."]
    VariableMonitoring<'a> {
        req id: Number<'a> = "id", integer(0, i32::MAX);
        req transaction: bool = "transaction", FLAG;
        req value: Number<'a> = "value", NUMBER;
        req type_: Open<'a, Monitor> = "type", code(Monitor::TABLE);
        req severity: Number<'a> = "severity", integer(0, i32::MAX);
        req event_notification_type: Open<'a, EventNotification> = "eventNotificationType", code(EventNotification::TABLE);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Request of `VatNumberValidation`."]
    VatNumberValidationRequest<'a> {
        req vat_number: Identifier<'a> = "vatNumber", text(20);
        opt evse_id: Number<'a> = "evseId", integer(0, i32::MAX);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "Answer to `VatNumberValidation`."]
    VatNumberValidationResponse<'a> {
        opt company: Address<'a> = "company", object(Address::SCHEMA);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
        req vat_number: Identifier<'a> = "vatNumber", text(20);
        opt evse_id: Number<'a> = "evseId", integer(0, i32::MAX);
        req status: Open<'a, GenericStatus> = "status", code(GenericStatus::TABLE);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`VoltageParams`."]
    VoltageParams<'a> {
        opt hv10_min_mean_value: Number<'a> = "hv10MinMeanValue", NUMBER;
        opt hv10_min_mean_trip_delay: Number<'a> = "hv10MinMeanTripDelay", NUMBER;
        opt power_during_cessation: Open<'a, PowerDuringCessation> = "powerDuringCessation", code(PowerDuringCessation::TABLE);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }

    #[doc = "`Vpn`."]
    Vpn<'a> {
        req server: Text<'a> = "server", text(2000);
        req user: Text<'a> = "user", text(50);
        opt group: Text<'a> = "group", text(50);
        req password: Identifier<'a> = "password", text(64);
        req key: Identifier<'a> = "key", text(255);
        req type_: Open<'a, VpnKind> = "type", code(VpnKind::TABLE);
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
    }
}

enumerations! {

    #[doc = "`ApnAuthentication`."]
    ApnAuthentication {
        Pap = "PAP",
        Chap = "CHAP",
        None = "NONE",
        Auto = "AUTO",
    }

    #[doc = "`BatterySwapEvent`."]
    BatterySwapEvent {
        BatteryIn = "BatteryIn",
        BatteryOut = "BatteryOut",
        BatteryOutTimeout = "BatteryOutTimeout",
    }

    #[doc = "`CertificateSigningUse`."]
    CertificateSigningUse {
        ChargingStationCertificate = "ChargingStationCertificate",
        V2gCertificate = "V2GCertificate",
        V2g20Certificate = "V2G20Certificate",
    }

    #[doc = "`CertificateStatusKind`."]
    CertificateStatusKind {
        Good = "Good",
        Revoked = "Revoked",
        Unknown = "Unknown",
        Failed = "Failed",
    }

    #[doc = "`CertificateStatusSource`."]
    CertificateStatusSource {
        Crl = "CRL",
        Ocsp = "OCSP",
    }

    #[doc = "`ChargingProfileKind`."]
    ChargingProfileKind {
        Absolute = "Absolute",
        Recurring = "Recurring",
        Relative = "Relative",
        Dynamic = "Dynamic",
    }

    #[doc = "`ChargingProfilePurpose`."]
    ChargingProfilePurpose {
        ChargingStationExternalConstraints = "ChargingStationExternalConstraints",
        ChargingStationMaxProfile = "ChargingStationMaxProfile",
        TxDefaultProfile = "TxDefaultProfile",
        TxProfile = "TxProfile",
        PriorityCharging = "PriorityCharging",
        LocalGeneration = "LocalGeneration",
    }

    #[doc = "`ChargingState`."]
    ChargingState {
        EvConnected = "EVConnected",
        Charging = "Charging",
        SuspendedEv = "SuspendedEV",
        SuspendedEvse = "SuspendedEVSE",
        Idle = "Idle",
    }

    #[doc = "`ClearMessageStatus`."]
    ClearMessageStatus {
        Accepted = "Accepted",
        Unknown = "Unknown",
        Rejected = "Rejected",
    }

    #[doc = "`ControlMode`."]
    ControlMode {
        ScheduledControl = "ScheduledControl",
        DynamicControl = "DynamicControl",
    }

    #[doc = "`CostDimensionKind`."]
    CostDimensionKind {
        Energy = "Energy",
        MaxCurrent = "MaxCurrent",
        MinCurrent = "MinCurrent",
        MaxPower = "MaxPower",
        MinPower = "MinPower",
        IdleTIme = "IdleTIme",
        ChargingTime = "ChargingTime",
    }

    #[doc = "`DayOfWeek`."]
    DayOfWeek {
        Monday = "Monday",
        Tuesday = "Tuesday",
        Wednesday = "Wednesday",
        Thursday = "Thursday",
        Friday = "Friday",
        Saturday = "Saturday",
        Sunday = "Sunday",
    }

    #[doc = "`DerControl`."]
    DerControl {
        EnterService = "EnterService",
        FreqDroop = "FreqDroop",
        FreqWatt = "FreqWatt",
        FixedPfAbsorb = "FixedPFAbsorb",
        FixedPfInject = "FixedPFInject",
        FixedVar = "FixedVar",
        Gradients = "Gradients",
        HfMustTrip = "HFMustTrip",
        HfMayTrip = "HFMayTrip",
        HvMustTrip = "HVMustTrip",
        HvMomCess = "HVMomCess",
        HvMayTrip = "HVMayTrip",
        LimitMaxDischarge = "LimitMaxDischarge",
        LfMustTrip = "LFMustTrip",
        LvMustTrip = "LVMustTrip",
        LvMomCess = "LVMomCess",
        LvMayTrip = "LVMayTrip",
        PowerMonitoringMustTrip = "PowerMonitoringMustTrip",
        VoltVar = "VoltVar",
        VoltWatt = "VoltWatt",
        WattPf = "WattPF",
        WattVar = "WattVar",
    }

    #[doc = "`DerControlStatus`."]
    DerControlStatus {
        Accepted = "Accepted",
        Rejected = "Rejected",
        NotSupported = "NotSupported",
        NotFound = "NotFound",
    }

    #[doc = "`DerUnit`."]
    DerUnit {
        NotApplicable = "Not_Applicable",
        PctMaxW = "PctMaxW",
        PctMaxVar = "PctMaxVar",
        PctWAvail = "PctWAvail",
        PctVarAvail = "PctVarAvail",
        PctEffectiveV = "PctEffectiveV",
    }

    #[doc = "`DisplayMessageStatus`."]
    DisplayMessageStatus {
        Accepted = "Accepted",
        NotSupportedMessageFormat = "NotSupportedMessageFormat",
        Rejected = "Rejected",
        NotSupportedPriority = "NotSupportedPriority",
        NotSupportedState = "NotSupportedState",
        UnknownTransaction = "UnknownTransaction",
        LanguageNotSupported = "LanguageNotSupported",
    }

    #[doc = "`EnergyTransferMode`."]
    EnergyTransferMode {
        AcSinglePhase = "AC_single_phase",
        AcTwoPhase = "AC_two_phase",
        AcThreePhase = "AC_three_phase",
        Dc = "DC",
        AcBpt = "AC_BPT",
        AcBptDer = "AC_BPT_DER",
        AcDer = "AC_DER",
        DcBpt = "DC_BPT",
        DcAcdp = "DC_ACDP",
        DcAcdpBpt = "DC_ACDP_BPT",
        Wpt = "WPT",
    }

    #[doc = "`EvseKind`."]
    EvseKind {
        Ac = "AC",
        Dc = "DC",
    }

    #[doc = "`GetCertificateIdUse`."]
    GetCertificateIdUse {
        V2gRootCertificate = "V2GRootCertificate",
        MoRootCertificate = "MORootCertificate",
        CsmsRootCertificate = "CSMSRootCertificate",
        V2gCertificateChain = "V2GCertificateChain",
        ManufacturerRootCertificate = "ManufacturerRootCertificate",
        OemRootCertificate = "OEMRootCertificate",
    }

    #[doc = "`GridEventFault`."]
    GridEventFault {
        CurrentImbalance = "CurrentImbalance",
        LocalEmergency = "LocalEmergency",
        LowInputPower = "LowInputPower",
        OverCurrent = "OverCurrent",
        OverFrequency = "OverFrequency",
        OverVoltage = "OverVoltage",
        PhaseRotation = "PhaseRotation",
        RemoteEmergency = "RemoteEmergency",
        UnderFrequency = "UnderFrequency",
        UnderVoltage = "UnderVoltage",
        VoltageImbalance = "VoltageImbalance",
    }

    #[doc = "`InstallCertificateUse`."]
    InstallCertificateUse {
        V2gRootCertificate = "V2GRootCertificate",
        MoRootCertificate = "MORootCertificate",
        ManufacturerRootCertificate = "ManufacturerRootCertificate",
        CsmsRootCertificate = "CSMSRootCertificate",
        OemRootCertificate = "OEMRootCertificate",
    }

    #[doc = "`IslandingDetection`."]
    IslandingDetection {
        NoAntiIslandingSupport = "NoAntiIslandingSupport",
        RoCoF = "RoCoF",
        UvpOvp = "UVP_OVP",
        UfpOfp = "UFP_OFP",
        VoltageVectorShift = "VoltageVectorShift",
        ZeroCrossingDetection = "ZeroCrossingDetection",
        OtherPassive = "OtherPassive",
        ImpedanceMeasurement = "ImpedanceMeasurement",
        ImpedanceAtFrequency = "ImpedanceAtFrequency",
        SlipModeFrequencyShift = "SlipModeFrequencyShift",
        SandiaFrequencyShift = "SandiaFrequencyShift",
        SandiaVoltageShift = "SandiaVoltageShift",
        FrequencyJump = "FrequencyJump",
        RclqFactor = "RCLQFactor",
        OtherActive = "OtherActive",
    }

    #[doc = "`Location`."]
    Location {
        Body = "Body",
        Cable = "Cable",
        Ev = "EV",
        Inlet = "Inlet",
        Outlet = "Outlet",
        Upstream = "Upstream",
    }

    #[doc = "`Log`."]
    Log {
        DiagnosticsLog = "DiagnosticsLog",
        SecurityLog = "SecurityLog",
        DataCollectorLog = "DataCollectorLog",
    }

    #[doc = "`Measurand`."]
    Measurand {
        CurrentExport = "Current.Export",
        CurrentExportOffered = "Current.Export.Offered",
        CurrentExportMinimum = "Current.Export.Minimum",
        CurrentImport = "Current.Import",
        CurrentImportOffered = "Current.Import.Offered",
        CurrentImportMinimum = "Current.Import.Minimum",
        CurrentOffered = "Current.Offered",
        DisplayPresentSoc = "Display.PresentSOC",
        DisplayMinimumSoc = "Display.MinimumSOC",
        DisplayTargetSoc = "Display.TargetSOC",
        DisplayMaximumSoc = "Display.MaximumSOC",
        DisplayRemainingTimeToMinimumSoc = "Display.RemainingTimeToMinimumSOC",
        DisplayRemainingTimeToTargetSoc = "Display.RemainingTimeToTargetSOC",
        DisplayRemainingTimeToMaximumSoc = "Display.RemainingTimeToMaximumSOC",
        DisplayChargingComplete = "Display.ChargingComplete",
        DisplayBatteryEnergyCapacity = "Display.BatteryEnergyCapacity",
        DisplayInletHot = "Display.InletHot",
        EnergyActiveExportInterval = "Energy.Active.Export.Interval",
        EnergyActiveExportRegister = "Energy.Active.Export.Register",
        EnergyActiveImportInterval = "Energy.Active.Import.Interval",
        EnergyActiveImportRegister = "Energy.Active.Import.Register",
        EnergyActiveImportCableLoss = "Energy.Active.Import.CableLoss",
        EnergyActiveImportLocalGenerationRegister = "Energy.Active.Import.LocalGeneration.Register",
        EnergyActiveNet = "Energy.Active.Net",
        EnergyActiveSetpointInterval = "Energy.Active.Setpoint.Interval",
        EnergyApparentExport = "Energy.Apparent.Export",
        EnergyApparentImport = "Energy.Apparent.Import",
        EnergyApparentNet = "Energy.Apparent.Net",
        EnergyReactiveExportInterval = "Energy.Reactive.Export.Interval",
        EnergyReactiveExportRegister = "Energy.Reactive.Export.Register",
        EnergyReactiveImportInterval = "Energy.Reactive.Import.Interval",
        EnergyReactiveImportRegister = "Energy.Reactive.Import.Register",
        EnergyReactiveNet = "Energy.Reactive.Net",
        EnergyRequestTarget = "EnergyRequest.Target",
        EnergyRequestMinimum = "EnergyRequest.Minimum",
        EnergyRequestMaximum = "EnergyRequest.Maximum",
        EnergyRequestMinimumV2x = "EnergyRequest.Minimum.V2X",
        EnergyRequestMaximumV2x = "EnergyRequest.Maximum.V2X",
        EnergyRequestBulk = "EnergyRequest.Bulk",
        Frequency = "Frequency",
        PowerActiveExport = "Power.Active.Export",
        PowerActiveImport = "Power.Active.Import",
        PowerActiveSetpoint = "Power.Active.Setpoint",
        PowerActiveResidual = "Power.Active.Residual",
        PowerExportMinimum = "Power.Export.Minimum",
        PowerExportOffered = "Power.Export.Offered",
        PowerFactor = "Power.Factor",
        PowerImportOffered = "Power.Import.Offered",
        PowerImportMinimum = "Power.Import.Minimum",
        PowerOffered = "Power.Offered",
        PowerReactiveExport = "Power.Reactive.Export",
        PowerReactiveImport = "Power.Reactive.Import",
        Soc = "SoC",
        Voltage = "Voltage",
        VoltageMinimum = "Voltage.Minimum",
        VoltageMaximum = "Voltage.Maximum",
    }

    #[doc = "`MessageFormat`."]
    MessageFormat {
        Ascii = "ASCII",
        Html = "HTML",
        Uri = "URI",
        Utf8 = "UTF8",
        Qrcode = "QRCODE",
    }

    #[doc = "`MessageState`."]
    MessageState {
        Charging = "Charging",
        Faulted = "Faulted",
        Idle = "Idle",
        Unavailable = "Unavailable",
        Suspended = "Suspended",
        Discharging = "Discharging",
    }

    #[doc = "`MessageTrigger`."]
    MessageTrigger {
        BootNotification = "BootNotification",
        LogStatusNotification = "LogStatusNotification",
        FirmwareStatusNotification = "FirmwareStatusNotification",
        Heartbeat = "Heartbeat",
        MeterValues = "MeterValues",
        SignChargingStationCertificate = "SignChargingStationCertificate",
        SignV2gCertificate = "SignV2GCertificate",
        SignV2g20Certificate = "SignV2G20Certificate",
        StatusNotification = "StatusNotification",
        TransactionEvent = "TransactionEvent",
        SignCombinedCertificate = "SignCombinedCertificate",
        PublishFirmwareStatusNotification = "PublishFirmwareStatusNotification",
        CustomTrigger = "CustomTrigger",
    }

    #[doc = "`MobilityNeedsMode`."]
    MobilityNeedsMode {
        Evcc = "EVCC",
        EvccSecc = "EVCC_SECC",
    }

    #[doc = "`Monitor`."]
    Monitor {
        UpperThreshold = "UpperThreshold",
        LowerThreshold = "LowerThreshold",
        Delta = "Delta",
        Periodic = "Periodic",
        PeriodicClockAligned = "PeriodicClockAligned",
        TargetDelta = "TargetDelta",
        TargetDeltaRelative = "TargetDeltaRelative",
    }

    #[doc = "`NotifyAllowedEnergyTransferStatus`."]
    NotifyAllowedEnergyTransferStatus {
        Accepted = "Accepted",
        Rejected = "Rejected",
    }

    #[doc = "`NotifyEvChargingNeedsStatus`."]
    NotifyEvChargingNeedsStatus {
        Accepted = "Accepted",
        Rejected = "Rejected",
        Processing = "Processing",
        NoChargingProfile = "NoChargingProfile",
    }

    #[doc = "`OcppInterface`."]
    OcppInterface {
        Wired0 = "Wired0",
        Wired1 = "Wired1",
        Wired2 = "Wired2",
        Wired3 = "Wired3",
        Wireless0 = "Wireless0",
        Wireless1 = "Wireless1",
        Wireless2 = "Wireless2",
        Wireless3 = "Wireless3",
        Any = "Any",
    }

    #[doc = "`OcppTransport`."]
    OcppTransport {
        Soap = "SOAP",
        Json = "JSON",
    }

    #[doc = "`OcppVersion`."]
    OcppVersion {
        Ocpp12 = "OCPP12",
        Ocpp15 = "OCPP15",
        Ocpp16 = "OCPP16",
        Ocpp20 = "OCPP20",
        Ocpp201 = "OCPP201",
        Ocpp21 = "OCPP21",
    }

    #[doc = "`OperationMode`."]
    OperationMode {
        Idle = "Idle",
        ChargingOnly = "ChargingOnly",
        CentralSetpoint = "CentralSetpoint",
        ExternalSetpoint = "ExternalSetpoint",
        ExternalLimits = "ExternalLimits",
        CentralFrequency = "CentralFrequency",
        LocalFrequency = "LocalFrequency",
        LocalLoadBalancing = "LocalLoadBalancing",
    }

    #[doc = "`PaymentStatus`."]
    PaymentStatus {
        Settled = "Settled",
        Canceled = "Canceled",
        Rejected = "Rejected",
        Failed = "Failed",
    }

    #[doc = "`PowerDuringCessation`."]
    PowerDuringCessation {
        Active = "Active",
        Reactive = "Reactive",
    }

    #[doc = "`PreconditioningStatus`."]
    PreconditioningStatus {
        Unknown = "Unknown",
        Ready = "Ready",
        NotReady = "NotReady",
        Preconditioning = "Preconditioning",
    }

    #[doc = "`PriorityChargingStatus`."]
    PriorityChargingStatus {
        Accepted = "Accepted",
        Rejected = "Rejected",
        NoProfile = "NoProfile",
    }

    #[doc = "`Reason`."]
    Reason {
        DeAuthorized = "DeAuthorized",
        EmergencyStop = "EmergencyStop",
        EnergyLimitReached = "EnergyLimitReached",
        EvDisconnected = "EVDisconnected",
        GroundFault = "GroundFault",
        ImmediateReset = "ImmediateReset",
        MasterPass = "MasterPass",
        Local = "Local",
        LocalOutOfCredit = "LocalOutOfCredit",
        Other = "Other",
        OvercurrentFault = "OvercurrentFault",
        PowerLoss = "PowerLoss",
        PowerQuality = "PowerQuality",
        Reboot = "Reboot",
        Remote = "Remote",
        SocLimitReached = "SOCLimitReached",
        StoppedByEv = "StoppedByEV",
        TimeLimitReached = "TimeLimitReached",
        Timeout = "Timeout",
        ReqEnergyTransferRejected = "ReqEnergyTransferRejected",
    }

    #[doc = "`ReservationUpdateStatus`."]
    ReservationUpdateStatus {
        Expired = "Expired",
        Removed = "Removed",
        NoTransaction = "NoTransaction",
    }

    #[doc = "`Reset`."]
    Reset {
        Immediate = "Immediate",
        OnIdle = "OnIdle",
        ImmediateAndResume = "ImmediateAndResume",
    }

    #[doc = "`TariffChangeStatus`."]
    TariffChangeStatus {
        Accepted = "Accepted",
        Rejected = "Rejected",
        TooManyElements = "TooManyElements",
        ConditionNotSupported = "ConditionNotSupported",
        TxNotFound = "TxNotFound",
        NoCurrencyChange = "NoCurrencyChange",
    }

    #[doc = "`TariffClearStatus`."]
    TariffClearStatus {
        Accepted = "Accepted",
        Rejected = "Rejected",
        NoTariff = "NoTariff",
    }

    #[doc = "`TariffCost`."]
    TariffCost {
        NormalCost = "NormalCost",
        MinCost = "MinCost",
        MaxCost = "MaxCost",
    }

    #[doc = "`TariffGetStatus`."]
    TariffGetStatus {
        Accepted = "Accepted",
        Rejected = "Rejected",
        NoTariff = "NoTariff",
    }

    #[doc = "`TariffKind`."]
    TariffKind {
        DefaultTariff = "DefaultTariff",
        DriverTariff = "DriverTariff",
    }

    #[doc = "`TariffSetStatus`."]
    TariffSetStatus {
        Accepted = "Accepted",
        Rejected = "Rejected",
        TooManyElements = "TooManyElements",
        ConditionNotSupported = "ConditionNotSupported",
        DuplicateTariffId = "DuplicateTariffId",
    }

    #[doc = "`TriggerReason`."]
    TriggerReason {
        AbnormalCondition = "AbnormalCondition",
        Authorized = "Authorized",
        CablePluggedIn = "CablePluggedIn",
        ChargingRateChanged = "ChargingRateChanged",
        ChargingStateChanged = "ChargingStateChanged",
        CostLimitReached = "CostLimitReached",
        Deauthorized = "Deauthorized",
        EnergyLimitReached = "EnergyLimitReached",
        EvCommunicationLost = "EVCommunicationLost",
        EvConnectTimeout = "EVConnectTimeout",
        EvDeparted = "EVDeparted",
        EvDetected = "EVDetected",
        LimitSet = "LimitSet",
        MeterValueClock = "MeterValueClock",
        MeterValuePeriodic = "MeterValuePeriodic",
        OperationModeChanged = "OperationModeChanged",
        RemoteStart = "RemoteStart",
        RemoteStop = "RemoteStop",
        ResetCommand = "ResetCommand",
        RunningCost = "RunningCost",
        SignedDataReceived = "SignedDataReceived",
        SocLimitReached = "SoCLimitReached",
        StopAuthorized = "StopAuthorized",
        TariffChanged = "TariffChanged",
        TariffNotAccepted = "TariffNotAccepted",
        TimeLimitReached = "TimeLimitReached",
        Trigger = "Trigger",
        TxResumed = "TxResumed",
        UnlockCommand = "UnlockCommand",
    }
}
