using System.Text.Json.Serialization;
using Congress.Bus;
using Congress.Data;

namespace Congress.Policies.Enforcement;

/// <summary>Asks for occurrences, newest first.</summary>
/// <param name="State">Only those in this state; null for all.</param>
/// <param name="Limit">The most to give.</param>
/// <param name="Id">Only this one; null for all.</param>
public sealed record OccurrencesQuestion(OccurrenceState? State, int Limit, string? Id = null);

/// <summary>Decides on an occurrence that waits.</summary>
/// <param name="Id">The occurrence.</param>
/// <param name="IsApproved">Whether it is to be carried out; else it never is.</param>
/// <param name="By">Who decides.</param>
public sealed record Decision(string Id, bool IsApproved, string By);

/// <summary>Asks for an action by hand.</summary>
/// <param name="Service">Who is to act.</param>
/// <param name="Action">The action.</param>
/// <param name="Positional">Its arguments by position.</param>
/// <param name="Named">Its arguments by name.</param>
/// <param name="Key">The same for each repetition of one request.</param>
/// <param name="By">Who asks.</param>
public sealed record ManualAction(string Service, string Action, IReadOnlyList<Value> Positional, IReadOnlyDictionary<string, Value> Named, string Key, string By);

/// <summary>What the service answers that carries out actions.</summary>
public static class EnforcementMethods
{
    /// <summary>The service: each node with an engine has it, and one is active.</summary>
    public const string Service = "_enforcement";

    /// <summary>Lists occurrences.</summary>
    public static ServiceMethod<OccurrencesQuestion, IReadOnlyList<Occurrence>> List { get; } = new("list", EnforcementJson.Default.OccurrencesQuestion, EnforcementJson.Default.IReadOnlyListOccurrence);

    /// <summary>Approves or rejects; the answer is the occurrence then.</summary>
    public static ServiceMethod<Decision, Occurrence> Decide { get; } = new("decide", EnforcementJson.Default.Decision, EnforcementJson.Default.Occurrence);

    /// <summary>Acts by hand, whatever the mode; the answer is what became of it.</summary>
    public static ServiceMethod<ManualAction, Occurrence> Execute { get; } = new("execute", EnforcementJson.Default.ManualAction, EnforcementJson.Default.Occurrence);
}

/// <summary>How the messages are written.</summary>
[JsonSourceGenerationOptions(
    Converters = [typeof(RowJsonConverter), typeof(ValueJsonConverter)], UseStringEnumConverter = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(OccurrencesQuestion))]
[JsonSerializable(typeof(Decision))]
[JsonSerializable(typeof(ManualAction))]
[JsonSerializable(typeof(Row))]
[JsonSerializable(typeof(Occurrence))]
[JsonSerializable(typeof(IReadOnlyList<Occurrence>))]
internal sealed partial class EnforcementJson : JsonSerializerContext;
