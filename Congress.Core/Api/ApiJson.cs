using System.Text.Json.Serialization;
using Congress.Data;
using Congress.Policies.Enforcement;
using Congress.Policies.Explaining;
using Congress.Policies.Serving;

namespace Congress.Api;

/// <summary>How answers are written.</summary>
[JsonSourceGenerationOptions(
    Converters = [typeof(RowJsonConverter), typeof(ValueJsonConverter)], UseStringEnumConverter = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Listing<PolicyResource>))]
[JsonSerializable(typeof(Listing<RuleResource>))]
[JsonSerializable(typeof(Listing<TableResource>))]
[JsonSerializable(typeof(Listing<DatasourceResource>))]
[JsonSerializable(typeof(Listing<DriverResource>))]
[JsonSerializable(typeof(Listing<ActionResource>))]
[JsonSerializable(typeof(Listing<LibraryResource>))]
[JsonSerializable(typeof(Listing<Occurrence>))]
[JsonSerializable(typeof(RowsResource))]
[JsonSerializable(typeof(SchemaResource))]
[JsonSerializable(typeof(DatasourceStatusResource))]
[JsonSerializable(typeof(DriverDetailResource))]
[JsonSerializable(typeof(PolicyStatusResource))]
[JsonSerializable(typeof(RuleStatusResource))]
[JsonSerializable(typeof(SimulationResource))]
[JsonSerializable(typeof(ExplanationAnswer))]
[JsonSerializable(typeof(Remedies))]
[JsonSerializable(typeof(WhatIfAnswer))]
[JsonSerializable(typeof(ViolationsAnswer))]
[JsonSerializable(typeof(EngineStatus))]
public sealed partial class ApiJson : JsonSerializerContext;
