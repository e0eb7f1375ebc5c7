using System.Text.Json.Serialization;
using Congress.Bus;
using Congress.Data;
using Congress.Diagnostics;

namespace Congress.Actions;

/// <summary>What can be promised of an action whose outcome is not known, as a process died on the way.</summary>
public enum ActionPromise
{
    /// <summary>The target does not know the key: the call is never repeated, and shown as unknown.</summary>
    AtMostOnce,

    /// <summary>Doing it twice does no harm: the call is repeated.</summary>
    AtLeastOnce,

    /// <summary>The target does what calls of one key ask for once: the call is repeated, with its key.</summary>
    Keyed,
}

/// <summary>Asks a service to act.</summary>
/// <param name="Action">The action.</param>
/// <param name="Positional">Its arguments by position.</param>
/// <param name="Named">Its arguments by name.</param>
/// <param name="Key">The same for each repetition of one call, and for no other call.</param>
/// <param name="Fence">The token of who may act; 0 for a system that has one engine.</param>
public sealed record ActionRequest(string Action, IReadOnlyList<Value> Positional, IReadOnlyDictionary<string, Value> Named, string Key, ulong Fence = 0);

/// <summary>An action was not done, or nobody knows.</summary>
public sealed class ActionException : CongressException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="isUnknown">Whether it may have been done; else it was not.</param>
    /// <param name="message">What was asked for, and what happened.</param>
    /// <param name="inner">What it comes of.</param>
    public ActionException(bool isUnknown, string message, Exception? inner = null)
        : base(message, inner) => IsUnknown = isUnknown;

    /// <summary>Whether it may have been done; else it was not.</summary>
    public bool IsUnknown { get; }

    /// <summary>Whether nothing was begun because the target could not be reached or had too much to do: later it may work.</summary>
    public bool IsForNow { get; init; }

    internal override string FailureName => IsForNow ? NameForNow : NameOf(IsUnknown);

    /// <summary>What a caller on another node knows a failure by that is one for now.</summary>
    internal static string NameForNow { get; } = $"{typeof(ActionException).FullName}.ForNow";

    /// <summary>What a caller on another node knows any other failure by.</summary>
    internal static string NameOf(bool isUnknown) => $"{typeof(ActionException).FullName}.{(isUnknown ? "Unknown" : "Refused")}";
}

/// <summary>What a service answers that can act.</summary>
public static class ActionMethods
{
    /// <summary>Acts; the answer says nothing, a failure is an <see cref="ActionException"/>.</summary>
    public static ServiceMethod<ActionRequest, bool> Execute { get; } = new("execute", ActionJson.Default.ActionRequest, SimpleJson.Boolean);

    /// <summary>Tells what is promised of an action, by name.</summary>
    public static ServiceMethod<string, ActionPromise> Promise { get; } = new("promise", SimpleJson.Text, ActionJson.Default.ActionPromise);
}

/// <summary>How the messages are written.</summary>
[JsonSourceGenerationOptions(
    Converters = [typeof(RowJsonConverter), typeof(ValueJsonConverter)], UseStringEnumConverter = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ActionRequest))]
[JsonSerializable(typeof(ActionPromise))]
internal sealed partial class ActionJson : JsonSerializerContext;
