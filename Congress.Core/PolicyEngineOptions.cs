using Congress.Data;
using Congress.Datalog.Builtins;
using Congress.Datalog.Evaluation;
using Congress.Policies;
using Congress.Policies.Explaining;

namespace Congress;

/// <summary>How a <see cref="PolicyEngine"/> is set up.</summary>
public sealed record PolicyEngineOptions
{
    /// <summary>The policy that texts and tables without a policy's name belong to; <c>policy</c> unless set.</summary>
    public string DefaultPolicy { get; init; } = "policy";

    /// <summary>The kind of the default policy.</summary>
    public PolicyKind DefaultKind { get; init; }

    /// <summary>The builtins that rules can call: <see cref="BuiltinRegistry.Standard"/>, or more.</summary>
    public BuiltinRegistry Builtins { get; init; } = BuiltinRegistry.Standard;

    /// <summary>How far one evaluation may go.</summary>
    public EvaluationLimits Limits { get; init; } = new();

    /// <summary>Gives the time for <c>now</c>.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>What to do with the calls of actions that rules ask for: nothing but to tell of them, unless set.</summary>
    public ActionMode Actions { get; init; }

    /// <summary>Tells where rows come from that were given as rows, such as those of files; nobody does, unless set.</summary>
    public IFactOrigins? Origins { get; init; }

    /// <summary>How many rows a table must read that have changed before it may be computed anew instead of updated; a thousand
    /// unless set. Below it an update is always cheap; above it a table is computed anew when a quarter of what it reads has changed.</summary>
    public int LargeChange { get; init; } = 1000;
}
