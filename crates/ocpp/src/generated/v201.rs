// @generated from the OCPP JSON schemas by `cargo run -p evse-ocpp-codegen`. Do not edit.

//! Messages of OCPP 2.0.1: a row per member.

use crate::message::schema::kinds::*;
use crate::message::{DateTime, Identifier, List, Number, Open, Text, Value};

pub use super::v2x::*;

actions! {
    V201;
    AUTHORIZE = "Authorize": Call(AuthorizeRequest -> AuthorizeResponse);
    BOOT_NOTIFICATION = "BootNotification": Call(BootNotificationRequest -> BootNotificationResponse);
    CANCEL_RESERVATION = "CancelReservation": Call(CancelReservationRequest -> CancelReservationResponse);
    CERTIFICATE_SIGNED = "CertificateSigned": Call(CertificateSignedRequest -> CertificateSignedResponse);
    CHANGE_AVAILABILITY = "ChangeAvailability": Call(ChangeAvailabilityRequest -> ChangeAvailabilityResponse);
    CLEAR_CACHE = "ClearCache": Call(ClearCacheRequest -> ClearCacheResponse);
    CLEAR_CHARGING_PROFILE = "ClearChargingProfile": Call(ClearChargingProfileRequest -> ClearChargingProfileResponse);
    CLEAR_DISPLAY_MESSAGE = "ClearDisplayMessage": Call(ClearDisplayMessageRequest -> ClearDisplayMessageResponse);
    CLEAR_VARIABLE_MONITORING = "ClearVariableMonitoring": Call(ClearVariableMonitoringRequest -> ClearVariableMonitoringResponse);
    CLEARED_CHARGING_LIMIT = "ClearedChargingLimit": Call(ClearedChargingLimitRequest -> ClearedChargingLimitResponse);
    COST_UPDATED = "CostUpdated": Call(CostUpdatedRequest -> CostUpdatedResponse);
    CUSTOMER_INFORMATION = "CustomerInformation": Call(CustomerInformationRequest -> CustomerInformationResponse);
    DATA_TRANSFER = "DataTransfer": Call(DataTransferRequest -> DataTransferResponse);
    DELETE_CERTIFICATE = "DeleteCertificate": Call(DeleteCertificateRequest -> DeleteCertificateResponse);
    FIRMWARE_STATUS_NOTIFICATION = "FirmwareStatusNotification": Call(FirmwareStatusNotificationRequest -> FirmwareStatusNotificationResponse);
    GET15118_EV_CERTIFICATE = "Get15118EVCertificate": Call(Get15118EvCertificateRequest -> Get15118EvCertificateResponse);
    GET_BASE_REPORT = "GetBaseReport": Call(GetBaseReportRequest -> GetBaseReportResponse);
    GET_CERTIFICATE_STATUS = "GetCertificateStatus": Call(GetCertificateStatusRequest -> GetCertificateStatusResponse);
    GET_CHARGING_PROFILES = "GetChargingProfiles": Call(GetChargingProfilesRequest -> GetChargingProfilesResponse);
    GET_COMPOSITE_SCHEDULE = "GetCompositeSchedule": Call(GetCompositeScheduleRequest -> GetCompositeScheduleResponse);
    GET_DISPLAY_MESSAGES = "GetDisplayMessages": Call(GetDisplayMessagesRequest -> GetDisplayMessagesResponse);
    GET_INSTALLED_CERTIFICATE_IDS = "GetInstalledCertificateIds": Call(GetInstalledCertificateIdsRequest -> GetInstalledCertificateIdsResponse);
    GET_LOCAL_LIST_VERSION = "GetLocalListVersion": Call(GetLocalListVersionRequest -> GetLocalListVersionResponse);
    GET_LOG = "GetLog": Call(GetLogRequest -> GetLogResponse);
    GET_MONITORING_REPORT = "GetMonitoringReport": Call(GetMonitoringReportRequest -> GetMonitoringReportResponse);
    GET_REPORT = "GetReport": Call(GetReportRequest -> GetReportResponse);
    GET_TRANSACTION_STATUS = "GetTransactionStatus": Call(GetTransactionStatusRequest -> GetTransactionStatusResponse);
    GET_VARIABLES = "GetVariables": Call(GetVariablesRequest -> GetVariablesResponse);
    HEARTBEAT = "Heartbeat": Call(HeartbeatRequest -> HeartbeatResponse);
    INSTALL_CERTIFICATE = "InstallCertificate": Call(InstallCertificateRequest -> InstallCertificateResponse);
    LOG_STATUS_NOTIFICATION = "LogStatusNotification": Call(LogStatusNotificationRequest -> LogStatusNotificationResponse);
    METER_VALUES = "MeterValues": Call(MeterValuesRequest -> MeterValuesResponse);
    NOTIFY_CHARGING_LIMIT = "NotifyChargingLimit": Call(NotifyChargingLimitRequest -> NotifyChargingLimitResponse);
    NOTIFY_CUSTOMER_INFORMATION = "NotifyCustomerInformation": Call(NotifyCustomerInformationRequest -> NotifyCustomerInformationResponse);
    NOTIFY_DISPLAY_MESSAGES = "NotifyDisplayMessages": Call(NotifyDisplayMessagesRequest -> NotifyDisplayMessagesResponse);
    NOTIFY_EV_CHARGING_NEEDS = "NotifyEVChargingNeeds": Call(NotifyEvChargingNeedsRequest -> NotifyEvChargingNeedsResponse);
    NOTIFY_EV_CHARGING_SCHEDULE = "NotifyEVChargingSchedule": Call(NotifyEvChargingScheduleRequest -> NotifyEvChargingScheduleResponse);
    NOTIFY_EVENT = "NotifyEvent": Call(NotifyEventRequest -> NotifyEventResponse);
    NOTIFY_MONITORING_REPORT = "NotifyMonitoringReport": Call(NotifyMonitoringReportRequest -> NotifyMonitoringReportResponse);
    NOTIFY_REPORT = "NotifyReport": Call(NotifyReportRequest -> NotifyReportResponse);
    PUBLISH_FIRMWARE = "PublishFirmware": Call(PublishFirmwareRequest -> PublishFirmwareResponse);
    PUBLISH_FIRMWARE_STATUS_NOTIFICATION = "PublishFirmwareStatusNotification": Call(PublishFirmwareStatusNotificationRequest -> PublishFirmwareStatusNotificationResponse);
    REPORT_CHARGING_PROFILES = "ReportChargingProfiles": Call(ReportChargingProfilesRequest -> ReportChargingProfilesResponse);
    REQUEST_START_TRANSACTION = "RequestStartTransaction": Call(RequestStartTransactionRequest -> RequestStartTransactionResponse);
    REQUEST_STOP_TRANSACTION = "RequestStopTransaction": Call(RequestStopTransactionRequest -> RequestStopTransactionResponse);
    RESERVATION_STATUS_UPDATE = "ReservationStatusUpdate": Call(ReservationStatusUpdateRequest -> ReservationStatusUpdateResponse);
    RESERVE_NOW = "ReserveNow": Call(ReserveNowRequest -> ReserveNowResponse);
    RESET = "Reset": Call(ResetRequest -> ResetResponse);
    SECURITY_EVENT_NOTIFICATION = "SecurityEventNotification": Call(SecurityEventNotificationRequest -> SecurityEventNotificationResponse);
    SEND_LOCAL_LIST = "SendLocalList": Call(SendLocalListRequest -> SendLocalListResponse);
    SET_CHARGING_PROFILE = "SetChargingProfile": Call(SetChargingProfileRequest -> SetChargingProfileResponse);
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
    UPDATE_FIRMWARE = "UpdateFirmware": Call(UpdateFirmwareRequest -> UpdateFirmwareResponse);
}

objects! {
    V201;

    #[doc = "`AcChargingParameters`."]
    AcChargingParameters<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req energy_amount: Number<'a> = "energyAmount", INTEGER;
        req ev_min_current: Number<'a> = "evMinCurrent", INTEGER;
        req ev_max_current: Number<'a> = "evMaxCurrent", INTEGER;
        req ev_max_voltage: Number<'a> = "evMaxVoltage", INTEGER;
    }

    #[doc = "`AdditionalInfo`."]
    AdditionalInfo<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req additional_id_token: Identifier<'a> = "additionalIdToken", text(36);
        req type_: Text<'a> = "type", text(50);
    }

    #[doc = "`Apn`."]
    Apn<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req apn: Text<'a> = "apn", text(512);
        opt apn_user_name: Text<'a> = "apnUserName", text(20);
        opt apn_password: Text<'a> = "apnPassword", text(20);
        opt sim_pin: Number<'a> = "simPin", INTEGER;
        opt preferred_network: Text<'a> = "preferredNetwork", text(6);
        opt use_only_preferred_network: bool = "useOnlyPreferredNetwork", FLAG;
        req apn_authentication: Open<'a, ApnAuthentication> = "apnAuthentication", code(ApnAuthentication::TABLE);
    }

    #[doc = "`AuthorizationData`."]
    AuthorizationData<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req id_token: IdToken<'a> = "idToken", object(IdToken::SCHEMA);
        opt id_token_info: IdTokenInfo<'a> = "idTokenInfo", object(IdTokenInfo::SCHEMA);
    }

    #[doc = "Request of `Authorize`."]
    AuthorizeRequest<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req id_token: IdToken<'a> = "idToken", object(IdToken::SCHEMA);
        opt certificate: Identifier<'a> = "certificate", text(5500);
        opt iso15118_certificate_hash_data: List<'a, OcspRequestData<'a>> = "iso15118CertificateHashData", list(&object(OcspRequestData::SCHEMA), 1, 4);
    }

    #[doc = "Answer to `Authorize`."]
    AuthorizeResponse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req id_token_info: IdTokenInfo<'a> = "idTokenInfo", object(IdTokenInfo::SCHEMA);
        opt certificate_status: Open<'a, AuthorizeCertificateStatus> = "certificateStatus", code(AuthorizeCertificateStatus::TABLE);
    }

    #[doc = "Answer to `BootNotification`."]
    BootNotificationResponse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req current_time: DateTime<'a> = "currentTime", TIME;
        req interval: Number<'a> = "interval", INTEGER;
        req status: Open<'a, RegistrationStatus> = "status", code(RegistrationStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
    }

    #[doc = "Request of `CancelReservation`."]
    CancelReservationRequest<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req reservation_id: Number<'a> = "reservationId", INTEGER;
    }

    #[doc = "Answer to `CancelReservation`."]
    CancelReservationResponse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req status: Open<'a, CancelReservationStatus> = "status", code(CancelReservationStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
    }

    #[doc = "`CertificateHashDataChain`."]
    CertificateHashDataChain<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req certificate_hash_data: CertificateHashData<'a> = "certificateHashData", object(CertificateHashData::SCHEMA);
        req certificate_type: Open<'a, GetCertificateIdUse> = "certificateType", code(GetCertificateIdUse::TABLE);
        opt child_certificate_hash_data: List<'a, CertificateHashData<'a>> = "childCertificateHashData", list(&object(CertificateHashData::SCHEMA), 1, 4);
    }

    #[doc = "Request of `CertificateSigned`."]
    CertificateSignedRequest<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req certificate_chain: Identifier<'a> = "certificateChain", text(10000);
        opt certificate_type: Open<'a, CertificateSigningUse> = "certificateType", code(CertificateSigningUse::TABLE);
    }

    #[doc = "Answer to `CertificateSigned`."]
    CertificateSignedResponse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req status: Open<'a, CertificateSignedStatus> = "status", code(CertificateSignedStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
    }

    #[doc = "Request of `ChangeAvailability`."]
    ChangeAvailabilityRequest<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        opt evse: Evse<'a> = "evse", object(Evse::SCHEMA);
        req operational_status: Open<'a, OperationalStatus> = "operationalStatus", code(OperationalStatus::TABLE);
    }

    #[doc = "Answer to `ChangeAvailability`."]
    ChangeAvailabilityResponse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req status: Open<'a, ChangeAvailabilityStatus> = "status", code(ChangeAvailabilityStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
    }

    #[doc = "`ChargingLimit`."]
    ChargingLimit<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req charging_limit_source: Open<'a, ChargingLimitSource> = "chargingLimitSource", code(ChargingLimitSource::TABLE);
        opt is_grid_critical: bool = "isGridCritical", FLAG;
    }

    #[doc = "`ChargingNeeds`."]
    ChargingNeeds<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        opt ac_charging_parameters: AcChargingParameters<'a> = "acChargingParameters", object(AcChargingParameters::SCHEMA);
        opt dc_charging_parameters: DcChargingParameters<'a> = "dcChargingParameters", object(DcChargingParameters::SCHEMA);
        req requested_energy_transfer: Open<'a, EnergyTransferMode> = "requestedEnergyTransfer", code(EnergyTransferMode::TABLE);
        opt departure_time: DateTime<'a> = "departureTime", TIME;
    }

    #[doc = "`ChargingProfile`."]
    ChargingProfile<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req id: Number<'a> = "id", INTEGER;
        req stack_level: Number<'a> = "stackLevel", INTEGER;
        req charging_profile_purpose: Open<'a, ChargingProfilePurpose> = "chargingProfilePurpose", code(ChargingProfilePurpose::TABLE);
        req charging_profile_kind: Open<'a, ChargingProfileKind> = "chargingProfileKind", code(ChargingProfileKind::TABLE);
        opt recurrency_kind: Open<'a, RecurrencyKind> = "recurrencyKind", code(RecurrencyKind::TABLE);
        opt valid_from: DateTime<'a> = "validFrom", TIME;
        opt valid_to: DateTime<'a> = "validTo", TIME;
        req charging_schedule: List<'a, ChargingSchedule<'a>> = "chargingSchedule", list(&object(ChargingSchedule::SCHEMA), 1, 3);
        opt transaction_id: Text<'a> = "transactionId", text(36);
    }

    #[doc = "`ChargingProfileCriterion`."]
    ChargingProfileCriterion<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        opt charging_profile_purpose: Open<'a, ChargingProfilePurpose> = "chargingProfilePurpose", code(ChargingProfilePurpose::TABLE);
        opt stack_level: Number<'a> = "stackLevel", INTEGER;
        opt charging_profile_id: List<'a, Number<'a>> = "chargingProfileId", list(&INTEGER, 1, u16::MAX);
        opt charging_limit_source: List<'a, Open<'a, ChargingLimitSource>> = "chargingLimitSource", list(&code(ChargingLimitSource::TABLE), 1, 4);
    }

    #[doc = "`ChargingSchedule`."]
    ChargingSchedule<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req id: Number<'a> = "id", INTEGER;
        opt start_schedule: DateTime<'a> = "startSchedule", TIME;
        opt duration: Number<'a> = "duration", INTEGER;
        req charging_rate_unit: Open<'a, ChargingRateUnit> = "chargingRateUnit", code(ChargingRateUnit::TABLE);
        req charging_schedule_period: List<'a, ChargingSchedulePeriod<'a>> = "chargingSchedulePeriod", list(&object(ChargingSchedulePeriod::SCHEMA), 1, 1024);
        opt min_charging_rate: Number<'a> = "minChargingRate", NUMBER;
        opt sales_tariff: SalesTariff<'a> = "salesTariff", object(SalesTariff::SCHEMA);
    }

    #[doc = "`ChargingSchedulePeriod`."]
    ChargingSchedulePeriod<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req start_period: Number<'a> = "startPeriod", INTEGER;
        req limit: Number<'a> = "limit", NUMBER;
        opt number_phases: Number<'a> = "numberPhases", INTEGER;
        opt phase_to_use: Number<'a> = "phaseToUse", INTEGER;
    }

    #[doc = "Answer to `ClearCache`."]
    ClearCacheResponse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req status: Open<'a, ClearCacheStatus> = "status", code(ClearCacheStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
    }

    #[doc = "`ClearChargingProfile`."]
    ClearChargingProfile<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        opt evse_id: Number<'a> = "evseId", INTEGER;
        opt charging_profile_purpose: Open<'a, ChargingProfilePurpose> = "chargingProfilePurpose", code(ChargingProfilePurpose::TABLE);
        opt stack_level: Number<'a> = "stackLevel", INTEGER;
    }

    #[doc = "Request of `ClearChargingProfile`."]
    ClearChargingProfileRequest<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        opt charging_profile_id: Number<'a> = "chargingProfileId", INTEGER;
        opt charging_profile_criteria: ClearChargingProfile<'a> = "chargingProfileCriteria", object(ClearChargingProfile::SCHEMA);
    }

    #[doc = "Answer to `ClearChargingProfile`."]
    ClearChargingProfileResponse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req status: Open<'a, ClearChargingProfileStatus> = "status", code(ClearChargingProfileStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
    }

    #[doc = "Request of `ClearDisplayMessage`."]
    ClearDisplayMessageRequest<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req id: Number<'a> = "id", INTEGER;
    }

    #[doc = "Answer to `ClearDisplayMessage`."]
    ClearDisplayMessageResponse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req status: Open<'a, ClearMessageStatus> = "status", code(ClearMessageStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
    }

    #[doc = "`ClearMonitoringResult`."]
    ClearMonitoringResult<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req status: Open<'a, ClearMonitoringStatus> = "status", code(ClearMonitoringStatus::TABLE);
        req id: Number<'a> = "id", INTEGER;
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
    }

    #[doc = "Request of `ClearVariableMonitoring`."]
    ClearVariableMonitoringRequest<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req id: List<'a, Number<'a>> = "id", list(&INTEGER, 1, u16::MAX);
    }

    #[doc = "Answer to `ClearVariableMonitoring`."]
    ClearVariableMonitoringResponse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req clear_monitoring_result: List<'a, ClearMonitoringResult<'a>> = "clearMonitoringResult", list(&object(ClearMonitoringResult::SCHEMA), 1, u16::MAX);
    }

    #[doc = "Request of `ClearedChargingLimit`."]
    ClearedChargingLimitRequest<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req charging_limit_source: Open<'a, ChargingLimitSource> = "chargingLimitSource", code(ChargingLimitSource::TABLE);
        opt evse_id: Number<'a> = "evseId", INTEGER;
    }

    #[doc = "`Component`."]
    Component<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        opt evse: Evse<'a> = "evse", object(Evse::SCHEMA);
        req name: Text<'a> = "name", text(50);
        opt instance: Text<'a> = "instance", text(50);
    }

    #[doc = "`ComponentVariable`."]
    ComponentVariable<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req component: Component<'a> = "component", object(Component::SCHEMA);
        opt variable: Variable<'a> = "variable", object(Variable::SCHEMA);
    }

    #[doc = "`CompositeSchedule`."]
    CompositeSchedule<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req charging_schedule_period: List<'a, ChargingSchedulePeriod<'a>> = "chargingSchedulePeriod", list(&object(ChargingSchedulePeriod::SCHEMA), 1, u16::MAX);
        req evse_id: Number<'a> = "evseId", INTEGER;
        req duration: Number<'a> = "duration", INTEGER;
        req schedule_start: DateTime<'a> = "scheduleStart", TIME;
        req charging_rate_unit: Open<'a, ChargingRateUnit> = "chargingRateUnit", code(ChargingRateUnit::TABLE);
    }

    #[doc = "Request of `CustomerInformation`."]
    CustomerInformationRequest<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        opt customer_certificate: CertificateHashData<'a> = "customerCertificate", object(CertificateHashData::SCHEMA);
        opt id_token: IdToken<'a> = "idToken", object(IdToken::SCHEMA);
        req request_id: Number<'a> = "requestId", INTEGER;
        req report: bool = "report", FLAG;
        req clear: bool = "clear", FLAG;
        opt customer_identifier: Identifier<'a> = "customerIdentifier", text(64);
    }

    #[doc = "Answer to `CustomerInformation`."]
    CustomerInformationResponse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req status: Open<'a, CustomerInformationStatus> = "status", code(CustomerInformationStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
    }

    #[doc = "Answer to `DataTransfer`."]
    DataTransferResponse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req status: Open<'a, DataTransferStatus> = "status", code(DataTransferStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
        opt data: Value<'a> = "data", ANY;
    }

    #[doc = "`DcChargingParameters`."]
    DcChargingParameters<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req ev_max_current: Number<'a> = "evMaxCurrent", INTEGER;
        req ev_max_voltage: Number<'a> = "evMaxVoltage", INTEGER;
        opt energy_amount: Number<'a> = "energyAmount", INTEGER;
        opt ev_max_power: Number<'a> = "evMaxPower", INTEGER;
        opt state_of_charge: Number<'a> = "stateOfCharge", integer(0, 100);
        opt ev_energy_capacity: Number<'a> = "evEnergyCapacity", INTEGER;
        opt full_soc: Number<'a> = "fullSoC", integer(0, 100);
        opt bulk_soc: Number<'a> = "bulkSoC", integer(0, 100);
    }

    #[doc = "Answer to `DeleteCertificate`."]
    DeleteCertificateResponse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req status: Open<'a, DeleteCertificateStatus> = "status", code(DeleteCertificateStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
    }

    #[doc = "`EventData`."]
    EventData<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req event_id: Number<'a> = "eventId", INTEGER;
        req timestamp: DateTime<'a> = "timestamp", TIME;
        req trigger: Open<'a, EventTrigger> = "trigger", code(EventTrigger::TABLE);
        opt cause: Number<'a> = "cause", INTEGER;
        req actual_value: Text<'a> = "actualValue", text(2500);
        opt tech_code: Text<'a> = "techCode", text(50);
        opt tech_info: Text<'a> = "techInfo", text(500);
        opt cleared: bool = "cleared", FLAG;
        opt transaction_id: Text<'a> = "transactionId", text(36);
        req component: Component<'a> = "component", object(Component::SCHEMA);
        opt variable_monitoring_id: Number<'a> = "variableMonitoringId", INTEGER;
        req event_notification_type: Open<'a, EventNotification> = "eventNotificationType", code(EventNotification::TABLE);
        req variable: Variable<'a> = "variable", object(Variable::SCHEMA);
    }

    #[doc = "`Evse`."]
    Evse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req id: Number<'a> = "id", INTEGER;
        opt connector_id: Number<'a> = "connectorId", INTEGER;
    }

    #[doc = "`Firmware`."]
    Firmware<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req location: Text<'a> = "location", text(512);
        req retrieve_date_time: DateTime<'a> = "retrieveDateTime", TIME;
        opt install_date_time: DateTime<'a> = "installDateTime", TIME;
        opt signing_certificate: Text<'a> = "signingCertificate", text(5500);
        opt signature: Text<'a> = "signature", text(800);
    }

    #[doc = "Request of `FirmwareStatusNotification`."]
    FirmwareStatusNotificationRequest<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req status: Open<'a, FirmwareStatus> = "status", code(FirmwareStatus::TABLE);
        opt request_id: Number<'a> = "requestId", INTEGER;
    }

    #[doc = "Request of `Get15118EvCertificate`."]
    Get15118EvCertificateRequest<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req iso15118_schema_version: Text<'a> = "iso15118SchemaVersion", text(50);
        req action: Open<'a, CertificateAction> = "action", code(CertificateAction::TABLE);
        req exi_request: Identifier<'a> = "exiRequest", text(5600);
    }

    #[doc = "Answer to `Get15118EvCertificate`."]
    Get15118EvCertificateResponse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req status: Open<'a, Iso15118EvCertificateStatus> = "status", code(Iso15118EvCertificateStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
        req exi_response: Identifier<'a> = "exiResponse", text(5600);
    }

    #[doc = "Answer to `GetBaseReport`."]
    GetBaseReportResponse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req status: Open<'a, GenericDeviceModelStatus> = "status", code(GenericDeviceModelStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
    }

    #[doc = "Request of `GetCertificateStatus`."]
    GetCertificateStatusRequest<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req ocsp_request_data: OcspRequestData<'a> = "ocspRequestData", object(OcspRequestData::SCHEMA);
    }

    #[doc = "Answer to `GetCertificateStatus`."]
    GetCertificateStatusResponse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req status: Open<'a, GetCertificateStatus> = "status", code(GetCertificateStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
        opt ocsp_result: Text<'a> = "ocspResult", text(5500);
    }

    #[doc = "Request of `GetChargingProfiles`."]
    GetChargingProfilesRequest<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req request_id: Number<'a> = "requestId", INTEGER;
        opt evse_id: Number<'a> = "evseId", INTEGER;
        req charging_profile: ChargingProfileCriterion<'a> = "chargingProfile", object(ChargingProfileCriterion::SCHEMA);
    }

    #[doc = "Answer to `GetChargingProfiles`."]
    GetChargingProfilesResponse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req status: Open<'a, GetChargingProfileStatus> = "status", code(GetChargingProfileStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
    }

    #[doc = "Request of `GetCompositeSchedule`."]
    GetCompositeScheduleRequest<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req duration: Number<'a> = "duration", INTEGER;
        opt charging_rate_unit: Open<'a, ChargingRateUnit> = "chargingRateUnit", code(ChargingRateUnit::TABLE);
        req evse_id: Number<'a> = "evseId", INTEGER;
    }

    #[doc = "Answer to `GetCompositeSchedule`."]
    GetCompositeScheduleResponse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req status: Open<'a, GenericStatus> = "status", code(GenericStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
        opt schedule: CompositeSchedule<'a> = "schedule", object(CompositeSchedule::SCHEMA);
    }

    #[doc = "Request of `GetDisplayMessages`."]
    GetDisplayMessagesRequest<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        opt id: List<'a, Number<'a>> = "id", list(&INTEGER, 1, u16::MAX);
        req request_id: Number<'a> = "requestId", INTEGER;
        opt priority: Open<'a, MessagePriority> = "priority", code(MessagePriority::TABLE);
        opt state: Open<'a, MessageState> = "state", code(MessageState::TABLE);
    }

    #[doc = "Answer to `GetDisplayMessages`."]
    GetDisplayMessagesResponse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req status: Open<'a, GetDisplayMessagesStatus> = "status", code(GetDisplayMessagesStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
    }

    #[doc = "Request of `GetInstalledCertificateIds`."]
    GetInstalledCertificateIdsRequest<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        opt certificate_type: List<'a, Open<'a, GetCertificateIdUse>> = "certificateType", list(&code(GetCertificateIdUse::TABLE), 1, u16::MAX);
    }

    #[doc = "Answer to `GetInstalledCertificateIds`."]
    GetInstalledCertificateIdsResponse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req status: Open<'a, GetInstalledCertificateStatus> = "status", code(GetInstalledCertificateStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
        opt certificate_hash_data_chain: List<'a, CertificateHashDataChain<'a>> = "certificateHashDataChain", list(&object(CertificateHashDataChain::SCHEMA), 1, u16::MAX);
    }

    #[doc = "Request of `GetLog`."]
    GetLogRequest<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req log: LogParameters<'a> = "log", object(LogParameters::SCHEMA);
        req log_type: Open<'a, Log> = "logType", code(Log::TABLE);
        req request_id: Number<'a> = "requestId", INTEGER;
        opt retries: Number<'a> = "retries", INTEGER;
        opt retry_interval: Number<'a> = "retryInterval", INTEGER;
    }

    #[doc = "Answer to `GetLog`."]
    GetLogResponse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req status: Open<'a, LogStatus> = "status", code(LogStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
        opt filename: Text<'a> = "filename", text(255);
    }

    #[doc = "Request of `GetMonitoringReport`."]
    GetMonitoringReportRequest<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        opt component_variable: List<'a, ComponentVariable<'a>> = "componentVariable", list(&object(ComponentVariable::SCHEMA), 1, u16::MAX);
        req request_id: Number<'a> = "requestId", INTEGER;
        opt monitoring_criteria: List<'a, Open<'a, MonitoringCriterion>> = "monitoringCriteria", list(&code(MonitoringCriterion::TABLE), 1, 3);
    }

    #[doc = "Answer to `GetMonitoringReport`."]
    GetMonitoringReportResponse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req status: Open<'a, GenericDeviceModelStatus> = "status", code(GenericDeviceModelStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
    }

    #[doc = "Request of `GetReport`."]
    GetReportRequest<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        opt component_variable: List<'a, ComponentVariable<'a>> = "componentVariable", list(&object(ComponentVariable::SCHEMA), 1, u16::MAX);
        req request_id: Number<'a> = "requestId", INTEGER;
        opt component_criteria: List<'a, Open<'a, ComponentCriterion>> = "componentCriteria", list(&code(ComponentCriterion::TABLE), 1, 4);
    }

    #[doc = "Answer to `GetReport`."]
    GetReportResponse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req status: Open<'a, GenericDeviceModelStatus> = "status", code(GenericDeviceModelStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
    }

    #[doc = "`GetVariableData`."]
    GetVariableData<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        opt attribute_type: Open<'a, Attribute> = "attributeType", code(Attribute::TABLE);
        req component: Component<'a> = "component", object(Component::SCHEMA);
        req variable: Variable<'a> = "variable", object(Variable::SCHEMA);
    }

    #[doc = "`GetVariableResult`."]
    GetVariableResult<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        opt attribute_status_info: StatusInfo<'a> = "attributeStatusInfo", object(StatusInfo::SCHEMA);
        req attribute_status: Open<'a, GetVariableStatus> = "attributeStatus", code(GetVariableStatus::TABLE);
        opt attribute_type: Open<'a, Attribute> = "attributeType", code(Attribute::TABLE);
        opt attribute_value: Text<'a> = "attributeValue", text(2500);
        req component: Component<'a> = "component", object(Component::SCHEMA);
        req variable: Variable<'a> = "variable", object(Variable::SCHEMA);
    }

    #[doc = "Request of `GetVariables`."]
    GetVariablesRequest<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req get_variable_data: List<'a, GetVariableData<'a>> = "getVariableData", list(&object(GetVariableData::SCHEMA), 1, u16::MAX);
    }

    #[doc = "Answer to `GetVariables`."]
    GetVariablesResponse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req get_variable_result: List<'a, GetVariableResult<'a>> = "getVariableResult", list(&object(GetVariableResult::SCHEMA), 1, u16::MAX);
    }

    #[doc = "`IdToken`."]
    IdToken<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        opt additional_info: List<'a, AdditionalInfo<'a>> = "additionalInfo", list(&object(AdditionalInfo::SCHEMA), 1, u16::MAX);
        req id_token: Identifier<'a> = "idToken", text(36);
        req type_: Open<'a, IdTokenKind> = "type", code(IdTokenKind::TABLE);
    }

    #[doc = "`IdTokenInfo`."]
    IdTokenInfo<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req status: Open<'a, AuthorizationStatus> = "status", code(AuthorizationStatus::TABLE);
        opt cache_expiry_date_time: DateTime<'a> = "cacheExpiryDateTime", TIME;
        opt charging_priority: Number<'a> = "chargingPriority", INTEGER;
        opt language1: Text<'a> = "language1", text(8);
        opt evse_id: List<'a, Number<'a>> = "evseId", list(&INTEGER, 1, u16::MAX);
        opt group_id_token: IdToken<'a> = "groupIdToken", object(IdToken::SCHEMA);
        opt language2: Text<'a> = "language2", text(8);
        opt personal_message: MessageContent<'a> = "personalMessage", object(MessageContent::SCHEMA);
    }

    #[doc = "Request of `InstallCertificate`."]
    InstallCertificateRequest<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req certificate_type: Open<'a, InstallCertificateUse> = "certificateType", code(InstallCertificateUse::TABLE);
        req certificate: Identifier<'a> = "certificate", text(5500);
    }

    #[doc = "Answer to `InstallCertificate`."]
    InstallCertificateResponse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req status: Open<'a, InstallCertificateStatus> = "status", code(InstallCertificateStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
    }

    #[doc = "`LogParameters`."]
    LogParameters<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req remote_location: Text<'a> = "remoteLocation", text(512);
        opt oldest_timestamp: DateTime<'a> = "oldestTimestamp", TIME;
        opt latest_timestamp: DateTime<'a> = "latestTimestamp", TIME;
    }

    #[doc = "Request of `LogStatusNotification`."]
    LogStatusNotificationRequest<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req status: Open<'a, UploadLogStatus> = "status", code(UploadLogStatus::TABLE);
        opt request_id: Number<'a> = "requestId", INTEGER;
    }

    #[doc = "`MessageContent`."]
    MessageContent<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req format: Open<'a, MessageFormat> = "format", code(MessageFormat::TABLE);
        opt language: Text<'a> = "language", text(8);
        req content: Text<'a> = "content", text(512);
    }

    #[doc = "`MessageInfo`."]
    MessageInfo<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        opt display: Component<'a> = "display", object(Component::SCHEMA);
        req id: Number<'a> = "id", INTEGER;
        req priority: Open<'a, MessagePriority> = "priority", code(MessagePriority::TABLE);
        opt state: Open<'a, MessageState> = "state", code(MessageState::TABLE);
        opt start_date_time: DateTime<'a> = "startDateTime", TIME;
        opt end_date_time: DateTime<'a> = "endDateTime", TIME;
        opt transaction_id: Text<'a> = "transactionId", text(36);
        req message: MessageContent<'a> = "message", object(MessageContent::SCHEMA);
    }

    #[doc = "`MeterValue`."]
    MeterValue<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req sampled_value: List<'a, SampledValue<'a>> = "sampledValue", list(&object(SampledValue::SCHEMA), 1, u16::MAX);
        req timestamp: DateTime<'a> = "timestamp", TIME;
    }

    #[doc = "Request of `MeterValues`."]
    MeterValuesRequest<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req evse_id: Number<'a> = "evseId", INTEGER;
        req meter_value: List<'a, MeterValue<'a>> = "meterValue", list(&object(MeterValue::SCHEMA), 1, u16::MAX);
    }

    #[doc = "`MonitoringData`."]
    MonitoringData<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req component: Component<'a> = "component", object(Component::SCHEMA);
        req variable: Variable<'a> = "variable", object(Variable::SCHEMA);
        req variable_monitoring: List<'a, VariableMonitoring<'a>> = "variableMonitoring", list(&object(VariableMonitoring::SCHEMA), 1, u16::MAX);
    }

    #[doc = "`NetworkConnectionProfile`."]
    NetworkConnectionProfile<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        opt apn: Apn<'a> = "apn", object(Apn::SCHEMA);
        req ocpp_version: Open<'a, OcppVersion> = "ocppVersion", code(OcppVersion::TABLE);
        req ocpp_transport: Open<'a, OcppTransport> = "ocppTransport", code(OcppTransport::TABLE);
        req ocpp_csms_url: Text<'a> = "ocppCsmsUrl", text(512);
        req message_timeout: Number<'a> = "messageTimeout", INTEGER;
        req security_profile: Number<'a> = "securityProfile", INTEGER;
        req ocpp_interface: Open<'a, OcppInterface> = "ocppInterface", code(OcppInterface::TABLE);
        opt vpn: Vpn<'a> = "vpn", object(Vpn::SCHEMA);
    }

    #[doc = "Request of `NotifyChargingLimit`."]
    NotifyChargingLimitRequest<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        opt charging_schedule: List<'a, ChargingSchedule<'a>> = "chargingSchedule", list(&object(ChargingSchedule::SCHEMA), 1, u16::MAX);
        opt evse_id: Number<'a> = "evseId", INTEGER;
        req charging_limit: ChargingLimit<'a> = "chargingLimit", object(ChargingLimit::SCHEMA);
    }

    #[doc = "Request of `NotifyCustomerInformation`."]
    NotifyCustomerInformationRequest<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req data: Text<'a> = "data", text(512);
        opt tbc: bool = "tbc", FLAG;
        req seq_no: Number<'a> = "seqNo", INTEGER;
        req generated_at: DateTime<'a> = "generatedAt", TIME;
        req request_id: Number<'a> = "requestId", INTEGER;
    }

    #[doc = "Request of `NotifyDisplayMessages`."]
    NotifyDisplayMessagesRequest<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        opt message_info: List<'a, MessageInfo<'a>> = "messageInfo", list(&object(MessageInfo::SCHEMA), 1, u16::MAX);
        req request_id: Number<'a> = "requestId", INTEGER;
        opt tbc: bool = "tbc", FLAG;
    }

    #[doc = "Request of `NotifyEvChargingNeeds`."]
    NotifyEvChargingNeedsRequest<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        opt max_schedule_tuples: Number<'a> = "maxScheduleTuples", INTEGER;
        req charging_needs: ChargingNeeds<'a> = "chargingNeeds", object(ChargingNeeds::SCHEMA);
        req evse_id: Number<'a> = "evseId", INTEGER;
    }

    #[doc = "Answer to `NotifyEvChargingNeeds`."]
    NotifyEvChargingNeedsResponse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req status: Open<'a, NotifyEvChargingNeedsStatus> = "status", code(NotifyEvChargingNeedsStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
    }

    #[doc = "Request of `NotifyEvChargingSchedule`."]
    NotifyEvChargingScheduleRequest<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req time_base: DateTime<'a> = "timeBase", TIME;
        req charging_schedule: ChargingSchedule<'a> = "chargingSchedule", object(ChargingSchedule::SCHEMA);
        req evse_id: Number<'a> = "evseId", INTEGER;
    }

    #[doc = "Answer to `NotifyEvChargingSchedule`."]
    NotifyEvChargingScheduleResponse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req status: Open<'a, GenericStatus> = "status", code(GenericStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
    }

    #[doc = "Request of `NotifyEvent`."]
    NotifyEventRequest<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req generated_at: DateTime<'a> = "generatedAt", TIME;
        opt tbc: bool = "tbc", FLAG;
        req seq_no: Number<'a> = "seqNo", INTEGER;
        req event_data: List<'a, EventData<'a>> = "eventData", list(&object(EventData::SCHEMA), 1, u16::MAX);
    }

    #[doc = "Request of `NotifyMonitoringReport`."]
    NotifyMonitoringReportRequest<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        opt monitor: List<'a, MonitoringData<'a>> = "monitor", list(&object(MonitoringData::SCHEMA), 1, u16::MAX);
        req request_id: Number<'a> = "requestId", INTEGER;
        opt tbc: bool = "tbc", FLAG;
        req seq_no: Number<'a> = "seqNo", INTEGER;
        req generated_at: DateTime<'a> = "generatedAt", TIME;
    }

    #[doc = "Request of `NotifyReport`."]
    NotifyReportRequest<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req request_id: Number<'a> = "requestId", INTEGER;
        req generated_at: DateTime<'a> = "generatedAt", TIME;
        opt report_data: List<'a, ReportData<'a>> = "reportData", list(&object(ReportData::SCHEMA), 1, u16::MAX);
        opt tbc: bool = "tbc", FLAG;
        req seq_no: Number<'a> = "seqNo", INTEGER;
    }

    #[doc = "`OcspRequestData`."]
    OcspRequestData<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req hash_algorithm: Open<'a, HashAlgorithm> = "hashAlgorithm", code(HashAlgorithm::TABLE);
        req issuer_name_hash: Text<'a> = "issuerNameHash", text(128);
        req issuer_key_hash: Text<'a> = "issuerKeyHash", text(128);
        req serial_number: Identifier<'a> = "serialNumber", text(40);
        req responder_url: Text<'a> = "responderURL", text(512);
    }

    #[doc = "Request of `PublishFirmware`."]
    PublishFirmwareRequest<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req location: Text<'a> = "location", text(512);
        opt retries: Number<'a> = "retries", INTEGER;
        req checksum: Text<'a> = "checksum", text(32);
        req request_id: Number<'a> = "requestId", INTEGER;
        opt retry_interval: Number<'a> = "retryInterval", INTEGER;
    }

    #[doc = "Answer to `PublishFirmware`."]
    PublishFirmwareResponse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req status: Open<'a, GenericStatus> = "status", code(GenericStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
    }

    #[doc = "Request of `PublishFirmwareStatusNotification`."]
    PublishFirmwareStatusNotificationRequest<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req status: Open<'a, PublishFirmwareStatus> = "status", code(PublishFirmwareStatus::TABLE);
        opt location: List<'a, Text<'a>> = "location", list(&text(512), 1, u16::MAX);
        opt request_id: Number<'a> = "requestId", INTEGER;
    }

    #[doc = "Request of `ReportChargingProfiles`."]
    ReportChargingProfilesRequest<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req request_id: Number<'a> = "requestId", INTEGER;
        req charging_limit_source: Open<'a, ChargingLimitSource> = "chargingLimitSource", code(ChargingLimitSource::TABLE);
        req charging_profile: List<'a, ChargingProfile<'a>> = "chargingProfile", list(&object(ChargingProfile::SCHEMA), 1, u16::MAX);
        opt tbc: bool = "tbc", FLAG;
        req evse_id: Number<'a> = "evseId", INTEGER;
    }

    #[doc = "`ReportData`."]
    ReportData<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req component: Component<'a> = "component", object(Component::SCHEMA);
        req variable: Variable<'a> = "variable", object(Variable::SCHEMA);
        req variable_attribute: List<'a, VariableAttribute<'a>> = "variableAttribute", list(&object(VariableAttribute::SCHEMA), 1, 4);
        opt variable_characteristics: VariableCharacteristics<'a> = "variableCharacteristics", object(VariableCharacteristics::SCHEMA);
    }

    #[doc = "Request of `RequestStartTransaction`."]
    RequestStartTransactionRequest<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        opt evse_id: Number<'a> = "evseId", INTEGER;
        opt group_id_token: IdToken<'a> = "groupIdToken", object(IdToken::SCHEMA);
        req id_token: IdToken<'a> = "idToken", object(IdToken::SCHEMA);
        req remote_start_id: Number<'a> = "remoteStartId", INTEGER;
        opt charging_profile: ChargingProfile<'a> = "chargingProfile", object(ChargingProfile::SCHEMA);
    }

    #[doc = "Answer to `RequestStartTransaction`."]
    RequestStartTransactionResponse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req status: Open<'a, RequestStartStopStatus> = "status", code(RequestStartStopStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
        opt transaction_id: Text<'a> = "transactionId", text(36);
    }

    #[doc = "Answer to `RequestStopTransaction`."]
    RequestStopTransactionResponse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req status: Open<'a, RequestStartStopStatus> = "status", code(RequestStartStopStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
    }

    #[doc = "Request of `ReservationStatusUpdate`."]
    ReservationStatusUpdateRequest<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req reservation_id: Number<'a> = "reservationId", INTEGER;
        req reservation_update_status: Open<'a, ReservationUpdateStatus> = "reservationUpdateStatus", code(ReservationUpdateStatus::TABLE);
    }

    #[doc = "Request of `ReserveNow`."]
    ReserveNowRequest<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req id: Number<'a> = "id", INTEGER;
        req expiry_date_time: DateTime<'a> = "expiryDateTime", TIME;
        opt connector_type: Open<'a, Connector> = "connectorType", code(Connector::TABLE);
        req id_token: IdToken<'a> = "idToken", object(IdToken::SCHEMA);
        opt evse_id: Number<'a> = "evseId", INTEGER;
        opt group_id_token: IdToken<'a> = "groupIdToken", object(IdToken::SCHEMA);
    }

    #[doc = "Answer to `ReserveNow`."]
    ReserveNowResponse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req status: Open<'a, ReserveNowStatus> = "status", code(ReserveNowStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
    }

    #[doc = "Request of `Reset`."]
    ResetRequest<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req type_: Open<'a, Reset> = "type", code(Reset::TABLE);
        opt evse_id: Number<'a> = "evseId", INTEGER;
    }

    #[doc = "Answer to `Reset`."]
    ResetResponse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req status: Open<'a, ResetStatus> = "status", code(ResetStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
    }

    #[doc = "`SalesTariff`."]
    SalesTariff<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req id: Number<'a> = "id", INTEGER;
        opt sales_tariff_description: Text<'a> = "salesTariffDescription", text(32);
        opt num_e_price_levels: Number<'a> = "numEPriceLevels", INTEGER;
        req sales_tariff_entry: List<'a, SalesTariffEntry<'a>> = "salesTariffEntry", list(&object(SalesTariffEntry::SCHEMA), 1, 1024);
    }

    #[doc = "`SampledValue`."]
    SampledValue<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req value: Number<'a> = "value", NUMBER;
        opt context: Open<'a, ReadingContext> = "context", code(ReadingContext::TABLE);
        opt measurand: Open<'a, Measurand> = "measurand", code(Measurand::TABLE);
        opt phase: Open<'a, Phase> = "phase", code(Phase::TABLE);
        opt location: Open<'a, Location> = "location", code(Location::TABLE);
        opt signed_meter_value: SignedMeterValue<'a> = "signedMeterValue", object(SignedMeterValue::SCHEMA);
        opt unit_of_measure: UnitOfMeasure<'a> = "unitOfMeasure", object(UnitOfMeasure::SCHEMA);
    }

    #[doc = "Request of `SendLocalList`."]
    SendLocalListRequest<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        opt local_authorization_list: List<'a, AuthorizationData<'a>> = "localAuthorizationList", list(&object(AuthorizationData::SCHEMA), 1, u16::MAX);
        req version_number: Number<'a> = "versionNumber", INTEGER;
        req update_type: Open<'a, Update> = "updateType", code(Update::TABLE);
    }

    #[doc = "Answer to `SendLocalList`."]
    SendLocalListResponse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req status: Open<'a, SendLocalListStatus> = "status", code(SendLocalListStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
    }

    #[doc = "Request of `SetChargingProfile`."]
    SetChargingProfileRequest<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req evse_id: Number<'a> = "evseId", INTEGER;
        req charging_profile: ChargingProfile<'a> = "chargingProfile", object(ChargingProfile::SCHEMA);
    }

    #[doc = "Answer to `SetChargingProfile`."]
    SetChargingProfileResponse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req status: Open<'a, ChargingProfileStatus> = "status", code(ChargingProfileStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
    }

    #[doc = "Request of `SetDisplayMessage`."]
    SetDisplayMessageRequest<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req message: MessageInfo<'a> = "message", object(MessageInfo::SCHEMA);
    }

    #[doc = "Answer to `SetDisplayMessage`."]
    SetDisplayMessageResponse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req status: Open<'a, DisplayMessageStatus> = "status", code(DisplayMessageStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
    }

    #[doc = "Answer to `SetMonitoringBase`."]
    SetMonitoringBaseResponse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req status: Open<'a, GenericDeviceModelStatus> = "status", code(GenericDeviceModelStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
    }

    #[doc = "`SetMonitoringData`."]
    SetMonitoringData<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        opt id: Number<'a> = "id", INTEGER;
        opt transaction: bool = "transaction", FLAG;
        req value: Number<'a> = "value", NUMBER;
        req type_: Open<'a, Monitor> = "type", code(Monitor::TABLE);
        req severity: Number<'a> = "severity", INTEGER;
        req component: Component<'a> = "component", object(Component::SCHEMA);
        req variable: Variable<'a> = "variable", object(Variable::SCHEMA);
    }

    #[doc = "Request of `SetMonitoringLevel`."]
    SetMonitoringLevelRequest<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req severity: Number<'a> = "severity", INTEGER;
    }

    #[doc = "Answer to `SetMonitoringLevel`."]
    SetMonitoringLevelResponse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req status: Open<'a, GenericStatus> = "status", code(GenericStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
    }

    #[doc = "`SetMonitoringResult`."]
    SetMonitoringResult<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        opt id: Number<'a> = "id", INTEGER;
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
        req status: Open<'a, SetMonitoringStatus> = "status", code(SetMonitoringStatus::TABLE);
        req type_: Open<'a, Monitor> = "type", code(Monitor::TABLE);
        req component: Component<'a> = "component", object(Component::SCHEMA);
        req variable: Variable<'a> = "variable", object(Variable::SCHEMA);
        req severity: Number<'a> = "severity", INTEGER;
    }

    #[doc = "Request of `SetNetworkProfile`."]
    SetNetworkProfileRequest<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req configuration_slot: Number<'a> = "configurationSlot", INTEGER;
        req connection_data: NetworkConnectionProfile<'a> = "connectionData", object(NetworkConnectionProfile::SCHEMA);
    }

    #[doc = "Answer to `SetNetworkProfile`."]
    SetNetworkProfileResponse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req status: Open<'a, SetNetworkProfileStatus> = "status", code(SetNetworkProfileStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
    }

    #[doc = "`SetVariableData`."]
    SetVariableData<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        opt attribute_type: Open<'a, Attribute> = "attributeType", code(Attribute::TABLE);
        req attribute_value: Text<'a> = "attributeValue", text(1000);
        req component: Component<'a> = "component", object(Component::SCHEMA);
        req variable: Variable<'a> = "variable", object(Variable::SCHEMA);
    }

    #[doc = "Request of `SetVariableMonitoring`."]
    SetVariableMonitoringRequest<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req set_monitoring_data: List<'a, SetMonitoringData<'a>> = "setMonitoringData", list(&object(SetMonitoringData::SCHEMA), 1, u16::MAX);
    }

    #[doc = "Answer to `SetVariableMonitoring`."]
    SetVariableMonitoringResponse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req set_monitoring_result: List<'a, SetMonitoringResult<'a>> = "setMonitoringResult", list(&object(SetMonitoringResult::SCHEMA), 1, u16::MAX);
    }

    #[doc = "`SetVariableResult`."]
    SetVariableResult<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        opt attribute_type: Open<'a, Attribute> = "attributeType", code(Attribute::TABLE);
        req attribute_status: Open<'a, SetVariableStatus> = "attributeStatus", code(SetVariableStatus::TABLE);
        opt attribute_status_info: StatusInfo<'a> = "attributeStatusInfo", object(StatusInfo::SCHEMA);
        req component: Component<'a> = "component", object(Component::SCHEMA);
        req variable: Variable<'a> = "variable", object(Variable::SCHEMA);
    }

    #[doc = "Request of `SetVariables`."]
    SetVariablesRequest<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req set_variable_data: List<'a, SetVariableData<'a>> = "setVariableData", list(&object(SetVariableData::SCHEMA), 1, u16::MAX);
    }

    #[doc = "Answer to `SetVariables`."]
    SetVariablesResponse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req set_variable_result: List<'a, SetVariableResult<'a>> = "setVariableResult", list(&object(SetVariableResult::SCHEMA), 1, u16::MAX);
    }

    #[doc = "Request of `SignCertificate`."]
    SignCertificateRequest<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req csr: Identifier<'a> = "csr", text(5500);
        opt certificate_type: Open<'a, CertificateSigningUse> = "certificateType", code(CertificateSigningUse::TABLE);
    }

    #[doc = "Answer to `SignCertificate`."]
    SignCertificateResponse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req status: Open<'a, GenericStatus> = "status", code(GenericStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
    }

    #[doc = "`SignedMeterValue`."]
    SignedMeterValue<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req signed_meter_data: Text<'a> = "signedMeterData", text(2500);
        req signing_method: Text<'a> = "signingMethod", text(50);
        req encoding_method: Text<'a> = "encodingMethod", text(50);
        req public_key: Text<'a> = "publicKey", text(2500);
    }

    #[doc = "`StatusInfo`."]
    StatusInfo<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req reason_code: Text<'a> = "reasonCode", text(20);
        opt additional_info: Text<'a> = "additionalInfo", text(512);
    }

    #[doc = "Request of `StatusNotification`."]
    StatusNotificationRequest<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req timestamp: DateTime<'a> = "timestamp", TIME;
        req connector_status: Open<'a, ConnectorStatus> = "connectorStatus", code(ConnectorStatus::TABLE);
        req evse_id: Number<'a> = "evseId", INTEGER;
        req connector_id: Number<'a> = "connectorId", INTEGER;
    }

    #[doc = "`Transaction`."]
    Transaction<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req transaction_id: Text<'a> = "transactionId", text(36);
        opt charging_state: Open<'a, ChargingState> = "chargingState", code(ChargingState::TABLE);
        opt time_spent_charging: Number<'a> = "timeSpentCharging", INTEGER;
        opt stopped_reason: Open<'a, Reason> = "stoppedReason", code(Reason::TABLE);
        opt remote_start_id: Number<'a> = "remoteStartId", INTEGER;
    }

    #[doc = "Request of `TransactionEvent`."]
    TransactionEventRequest<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req event_type: Open<'a, TransactionEvent> = "eventType", code(TransactionEvent::TABLE);
        opt meter_value: List<'a, MeterValue<'a>> = "meterValue", list(&object(MeterValue::SCHEMA), 1, u16::MAX);
        req timestamp: DateTime<'a> = "timestamp", TIME;
        req trigger_reason: Open<'a, TriggerReason> = "triggerReason", code(TriggerReason::TABLE);
        req seq_no: Number<'a> = "seqNo", INTEGER;
        opt offline: bool = "offline", FLAG;
        opt number_of_phases_used: Number<'a> = "numberOfPhasesUsed", INTEGER;
        opt cable_max_current: Number<'a> = "cableMaxCurrent", INTEGER;
        opt reservation_id: Number<'a> = "reservationId", INTEGER;
        req transaction_info: Transaction<'a> = "transactionInfo", object(Transaction::SCHEMA);
        opt evse: Evse<'a> = "evse", object(Evse::SCHEMA);
        opt id_token: IdToken<'a> = "idToken", object(IdToken::SCHEMA);
    }

    #[doc = "Answer to `TransactionEvent`."]
    TransactionEventResponse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        opt total_cost: Number<'a> = "totalCost", NUMBER;
        opt charging_priority: Number<'a> = "chargingPriority", INTEGER;
        opt id_token_info: IdTokenInfo<'a> = "idTokenInfo", object(IdTokenInfo::SCHEMA);
        opt updated_personal_message: MessageContent<'a> = "updatedPersonalMessage", object(MessageContent::SCHEMA);
    }

    #[doc = "Request of `TriggerMessage`."]
    TriggerMessageRequest<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        opt evse: Evse<'a> = "evse", object(Evse::SCHEMA);
        req requested_message: Open<'a, MessageTrigger> = "requestedMessage", code(MessageTrigger::TABLE);
    }

    #[doc = "Answer to `TriggerMessage`."]
    TriggerMessageResponse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req status: Open<'a, TriggerMessageStatus> = "status", code(TriggerMessageStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
    }

    #[doc = "Request of `UnlockConnector`."]
    UnlockConnectorRequest<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req evse_id: Number<'a> = "evseId", INTEGER;
        req connector_id: Number<'a> = "connectorId", INTEGER;
    }

    #[doc = "Answer to `UnlockConnector`."]
    UnlockConnectorResponse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req status: Open<'a, UnlockStatus> = "status", code(UnlockStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
    }

    #[doc = "Request of `UpdateFirmware`."]
    UpdateFirmwareRequest<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        opt retries: Number<'a> = "retries", INTEGER;
        opt retry_interval: Number<'a> = "retryInterval", INTEGER;
        req request_id: Number<'a> = "requestId", INTEGER;
        req firmware: Firmware<'a> = "firmware", object(Firmware::SCHEMA);
    }

    #[doc = "Answer to `UpdateFirmware`."]
    UpdateFirmwareResponse<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req status: Open<'a, UpdateFirmwareStatus> = "status", code(UpdateFirmwareStatus::TABLE);
        opt status_info: StatusInfo<'a> = "statusInfo", object(StatusInfo::SCHEMA);
    }

    #[doc = "`VariableCharacteristics`."]
    VariableCharacteristics<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        opt unit: Text<'a> = "unit", text(16);
        req data_type: Open<'a, Data> = "dataType", code(Data::TABLE);
        opt min_limit: Number<'a> = "minLimit", NUMBER;
        opt max_limit: Number<'a> = "maxLimit", NUMBER;
        opt values_list: Text<'a> = "valuesList", text(1000);
        req supports_monitoring: bool = "supportsMonitoring", FLAG;
    }

    #[doc = "`VariableMonitoring`."]
    VariableMonitoring<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req id: Number<'a> = "id", INTEGER;
        req transaction: bool = "transaction", FLAG;
        req value: Number<'a> = "value", NUMBER;
        req type_: Open<'a, Monitor> = "type", code(Monitor::TABLE);
        req severity: Number<'a> = "severity", INTEGER;
    }

    #[doc = "`Vpn`."]
    Vpn<'a> {
        opt custom_data: CustomData<'a> = "customData", object(CustomData::SCHEMA);
        req server: Text<'a> = "server", text(512);
        req user: Text<'a> = "user", text(20);
        opt group: Text<'a> = "group", text(20);
        req password: Identifier<'a> = "password", text(20);
        req key: Identifier<'a> = "key", text(255);
        req type_: Open<'a, VpnKind> = "type", code(VpnKind::TABLE);
    }
}

enumerations! {

    #[doc = "`ApnAuthentication`."]
    ApnAuthentication {
        Chap = "CHAP",
        None = "NONE",
        Pap = "PAP",
        Auto = "AUTO",
    }

    #[doc = "`CertificateSigningUse`."]
    CertificateSigningUse {
        ChargingStationCertificate = "ChargingStationCertificate",
        V2gCertificate = "V2GCertificate",
    }

    #[doc = "`ChargingLimitSource`."]
    ChargingLimitSource {
        Ems = "EMS",
        Other = "Other",
        So = "SO",
        Cso = "CSO",
    }

    #[doc = "`ChargingProfileKind`."]
    ChargingProfileKind {
        Absolute = "Absolute",
        Recurring = "Recurring",
        Relative = "Relative",
    }

    #[doc = "`ChargingProfilePurpose`."]
    ChargingProfilePurpose {
        ChargingStationExternalConstraints = "ChargingStationExternalConstraints",
        ChargingStationMaxProfile = "ChargingStationMaxProfile",
        TxDefaultProfile = "TxDefaultProfile",
        TxProfile = "TxProfile",
    }

    #[doc = "`ChargingState`."]
    ChargingState {
        Charging = "Charging",
        EvConnected = "EVConnected",
        SuspendedEv = "SuspendedEV",
        SuspendedEvse = "SuspendedEVSE",
        Idle = "Idle",
    }

    #[doc = "`ClearMessageStatus`."]
    ClearMessageStatus {
        Accepted = "Accepted",
        Unknown = "Unknown",
    }

    #[doc = "`Connector`."]
    Connector {
        CCcs1 = "cCCS1",
        CCcs2 = "cCCS2",
        CG105 = "cG105",
        CTesla = "cTesla",
        CType1 = "cType1",
        CType2 = "cType2",
        S309_1p16A = "s309-1P-16A",
        S309_1p32A = "s309-1P-32A",
        S309_3p16A = "s309-3P-16A",
        S309_3p32A = "s309-3P-32A",
        SBs1361 = "sBS1361",
        SCee7_7 = "sCEE-7-7",
        SType2 = "sType2",
        SType3 = "sType3",
        Other1PhMax16A = "Other1PhMax16A",
        Other1PhOver16A = "Other1PhOver16A",
        Other3Ph = "Other3Ph",
        Pan = "Pan",
        WInductive = "wInductive",
        WResonant = "wResonant",
        Undetermined = "Undetermined",
        Unknown = "Unknown",
    }

    #[doc = "`DisplayMessageStatus`."]
    DisplayMessageStatus {
        Accepted = "Accepted",
        NotSupportedMessageFormat = "NotSupportedMessageFormat",
        Rejected = "Rejected",
        NotSupportedPriority = "NotSupportedPriority",
        NotSupportedState = "NotSupportedState",
        UnknownTransaction = "UnknownTransaction",
    }

    #[doc = "`EnergyTransferMode`."]
    EnergyTransferMode {
        Dc = "DC",
        AcSinglePhase = "AC_single_phase",
        AcTwoPhase = "AC_two_phase",
        AcThreePhase = "AC_three_phase",
    }

    #[doc = "`GetCertificateIdUse`."]
    GetCertificateIdUse {
        V2gRootCertificate = "V2GRootCertificate",
        MoRootCertificate = "MORootCertificate",
        CsmsRootCertificate = "CSMSRootCertificate",
        V2gCertificateChain = "V2GCertificateChain",
        ManufacturerRootCertificate = "ManufacturerRootCertificate",
    }

    #[doc = "`IdTokenKind`."]
    IdTokenKind {
        Central = "Central",
        EMaid = "eMAID",
        Iso14443 = "ISO14443",
        Iso15693 = "ISO15693",
        KeyCode = "KeyCode",
        Local = "Local",
        MacAddress = "MacAddress",
        NoAuthorization = "NoAuthorization",
    }

    #[doc = "`InstallCertificateUse`."]
    InstallCertificateUse {
        V2gRootCertificate = "V2GRootCertificate",
        MoRootCertificate = "MORootCertificate",
        CsmsRootCertificate = "CSMSRootCertificate",
        ManufacturerRootCertificate = "ManufacturerRootCertificate",
    }

    #[doc = "`Location`."]
    Location {
        Body = "Body",
        Cable = "Cable",
        Ev = "EV",
        Inlet = "Inlet",
        Outlet = "Outlet",
    }

    #[doc = "`Log`."]
    Log {
        DiagnosticsLog = "DiagnosticsLog",
        SecurityLog = "SecurityLog",
    }

    #[doc = "`Measurand`."]
    Measurand {
        CurrentExport = "Current.Export",
        CurrentImport = "Current.Import",
        CurrentOffered = "Current.Offered",
        EnergyActiveExportRegister = "Energy.Active.Export.Register",
        EnergyActiveImportRegister = "Energy.Active.Import.Register",
        EnergyReactiveExportRegister = "Energy.Reactive.Export.Register",
        EnergyReactiveImportRegister = "Energy.Reactive.Import.Register",
        EnergyActiveExportInterval = "Energy.Active.Export.Interval",
        EnergyActiveImportInterval = "Energy.Active.Import.Interval",
        EnergyActiveNet = "Energy.Active.Net",
        EnergyReactiveExportInterval = "Energy.Reactive.Export.Interval",
        EnergyReactiveImportInterval = "Energy.Reactive.Import.Interval",
        EnergyReactiveNet = "Energy.Reactive.Net",
        EnergyApparentNet = "Energy.Apparent.Net",
        EnergyApparentImport = "Energy.Apparent.Import",
        EnergyApparentExport = "Energy.Apparent.Export",
        Frequency = "Frequency",
        PowerActiveExport = "Power.Active.Export",
        PowerActiveImport = "Power.Active.Import",
        PowerFactor = "Power.Factor",
        PowerOffered = "Power.Offered",
        PowerReactiveExport = "Power.Reactive.Export",
        PowerReactiveImport = "Power.Reactive.Import",
        Soc = "SoC",
        Voltage = "Voltage",
    }

    #[doc = "`MessageFormat`."]
    MessageFormat {
        Ascii = "ASCII",
        Html = "HTML",
        Uri = "URI",
        Utf8 = "UTF8",
    }

    #[doc = "`MessageState`."]
    MessageState {
        Charging = "Charging",
        Faulted = "Faulted",
        Idle = "Idle",
        Unavailable = "Unavailable",
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
        StatusNotification = "StatusNotification",
        TransactionEvent = "TransactionEvent",
        SignCombinedCertificate = "SignCombinedCertificate",
        PublishFirmwareStatusNotification = "PublishFirmwareStatusNotification",
    }

    #[doc = "`Monitor`."]
    Monitor {
        UpperThreshold = "UpperThreshold",
        LowerThreshold = "LowerThreshold",
        Delta = "Delta",
        Periodic = "Periodic",
        PeriodicClockAligned = "PeriodicClockAligned",
    }

    #[doc = "`NotifyEvChargingNeedsStatus`."]
    NotifyEvChargingNeedsStatus {
        Accepted = "Accepted",
        Rejected = "Rejected",
        Processing = "Processing",
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
    }

    #[doc = "`OcppTransport`."]
    OcppTransport {
        Json = "JSON",
        Soap = "SOAP",
    }

    #[doc = "`OcppVersion`."]
    OcppVersion {
        Ocpp12 = "OCPP12",
        Ocpp15 = "OCPP15",
        Ocpp16 = "OCPP16",
        Ocpp20 = "OCPP20",
    }

    #[doc = "`Reason`."]
    Reason {
        DeAuthorized = "DeAuthorized",
        EmergencyStop = "EmergencyStop",
        EnergyLimitReached = "EnergyLimitReached",
        EvDisconnected = "EVDisconnected",
        GroundFault = "GroundFault",
        ImmediateReset = "ImmediateReset",
        Local = "Local",
        LocalOutOfCredit = "LocalOutOfCredit",
        MasterPass = "MasterPass",
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
    }

    #[doc = "`ReservationUpdateStatus`."]
    ReservationUpdateStatus {
        Expired = "Expired",
        Removed = "Removed",
    }

    #[doc = "`Reset`."]
    Reset {
        Immediate = "Immediate",
        OnIdle = "OnIdle",
    }

    #[doc = "`TriggerReason`."]
    TriggerReason {
        Authorized = "Authorized",
        CablePluggedIn = "CablePluggedIn",
        ChargingRateChanged = "ChargingRateChanged",
        ChargingStateChanged = "ChargingStateChanged",
        Deauthorized = "Deauthorized",
        EnergyLimitReached = "EnergyLimitReached",
        EvCommunicationLost = "EVCommunicationLost",
        EvConnectTimeout = "EVConnectTimeout",
        MeterValueClock = "MeterValueClock",
        MeterValuePeriodic = "MeterValuePeriodic",
        TimeLimitReached = "TimeLimitReached",
        Trigger = "Trigger",
        UnlockCommand = "UnlockCommand",
        StopAuthorized = "StopAuthorized",
        EvDeparted = "EVDeparted",
        EvDetected = "EVDetected",
        RemoteStop = "RemoteStop",
        RemoteStart = "RemoteStart",
        AbnormalCondition = "AbnormalCondition",
        SignedDataReceived = "SignedDataReceived",
        ResetCommand = "ResetCommand",
    }
}
