using System.Text.Json.Serialization;
using Congress.Actions;
using Congress.Data;

namespace Congress.Policies.Enforcement;

/// <summary>What has become of an action that a rule asks for.</summary>
public enum OccurrenceState
{
    /// <summary>It is only noted, as actions are not carried out.</summary>
    Planned,

    /// <summary>Somebody must approve it.</summary>
    Waiting,

    /// <summary>The blast guard holds it, with all of its cycle; somebody may approve it.</summary>
    Held,

    /// <summary>It will be carried out, and nothing has been sent.</summary>
    Claimed,

    /// <summary>It may have been sent.</summary>
    Sent,

    /// <summary>It was done.</summary>
    Done,

    /// <summary>It was refused, and not done.</summary>
    Failed,

    /// <summary>Nobody knows whether it was done; it is not repeated.</summary>
    Unknown,

    /// <summary>Somebody has rejected it.</summary>
    Rejected,

    /// <summary>Its rule asked for it no longer before anything was sent.</summary>
    Withdrawn,
}

/// <summary>An action that a rule asks for, from when it does to when it no longer does: it is carried out once.</summary>
/// <param name="Id">Its identity, and the key under which it is carried out.</param>
/// <param name="Policy">The policy whose rule asks for it; empty when a person does.</param>
/// <param name="Service">Who is to act.</param>
/// <param name="Action">The action.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="State">What has become of it.</param>
/// <param name="IsOpen">Whether a rule asks for it still.</param>
/// <param name="Cause">The rules that ask for it, or who does.</param>
/// <param name="Note">What there is to say about its state; null for nothing.</param>
/// <param name="OpenedAt">Since when it is asked for.</param>
/// <param name="ChangedAt">Since when it is in its state.</param>
/// <param name="Promise">What its target promises; null before it was asked.</param>
public sealed record Occurrence(
    string Id, string Policy, string Service, string Action, Row Arguments, OccurrenceState State, bool IsOpen, string Cause, string? Note, DateTimeOffset OpenedAt, DateTimeOffset ChangedAt,
    ActionPromise? Promise = null)
{
    /// <summary>The call.</summary>
    [JsonIgnore]
    public ActionCall Call => new(Policy, Service, Action, Arguments);

    /// <summary>Whether somebody may approve it.</summary>
    [JsonIgnore]
    public bool MayBeApproved => IsOpen && State is OccurrenceState.Planned or OccurrenceState.Waiting or OccurrenceState.Held;

    /// <summary>The call as Datalog, and its state.</summary>
    public override string ToString() => $"{Call} {State}{(Note is null ? "" : $": {Note}")}";
}
