using Congress.Data;
using Congress.Datalog.Answers;
using Congress.Datalog.Syntax;
using Congress.Diagnostics;
using Congress.Policies.Explaining;
using Congress.Policies.WhatIf;

namespace Congress;

/// <summary>Why a row is there, and why not.</summary>
public sealed partial class PolicyEngine
{
    /// <summary>Why a row is in its table.</summary>
    /// <param name="row">The row as an atom: <c>error("vm-1")</c>, <c>net:error("vm-1")</c>; a variable or <c>_</c> stands for any value, of several rows the least is explained.</param>
    /// <param name="policy">The policy that it is asked in; null for the default one.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>A derivation of least height; null when the row is not there.</returns>
    /// <exception cref="PolicyException">The text is no atom, its table is not known, or too many rows help to derive it.</exception>
    public Derivation? Why(string row, string? policy = null, CancellationToken cancellationToken = default)
    {
        var asked = ParseQuery(row);
        return Read(
            view =>
            {
                var (table, values) = Explained.Row(asked, RequirePolicy(policy, view), view);
                var found = values is null ? null : new DerivationSearch(view, cancellationToken).Run(table, values);
                return found is null ? null : new DerivationBuilder(view, new(view, _engine.PlaceOf, _options.Origins, cancellationToken)).Build(found);
            },
            cancellationToken);
    }

    /// <summary>Why a row is not in its table: how far each rule gets, and what is nearest to what it lacks.</summary>
    /// <param name="row">The row as an atom: <c>error("vm-1")</c>; a variable or <c>_</c> stands for any value.</param>
    /// <param name="policy">The policy that it is asked in; null for the default one.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>What each rule lacks; null when there is such a row.</returns>
    /// <exception cref="PolicyException">The text is no atom, its table is not known, or a rule has too many bindings to try.</exception>
    public Absence? WhyNot(string row, string? policy = null, CancellationToken cancellationToken = default)
    {
        var asked = ParseQuery(row);
        return Read(view => AbsenceSearch.Run(view, asked, RequirePolicy(policy, view), cancellationToken), cancellationToken);
    }

    /// <summary>What could be done about a row, such as a violation: the smallest sets of changes and actions after which it is not there.</summary>
    /// <param name="row">The row as an atom with values.</param>
    /// <param name="options">What may be changed, and how long to look.</param>
    /// <param name="policy">The policy that it is asked in; null for the default one.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>All remedies of one or two steps, each tried in a what-if; null when the row is not there. Where a condition asks for the absence of any row of a kind, one with
    /// null in the open columns is inserted; rows that an aggregate would have to gain are not looked for.</returns>
    /// <exception cref="PolicyException">The text is no atom, a table or policy is not known, or the evaluation failed.</exception>
    public Remedies? Remedies(string row, RemedyOptions options, string? policy = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var asked = ParseQuery(row);
        using var budget = new CancellationTokenSource(options.Budget, _options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, budget.Token);
        return Read(
            view =>
            {
                var target = RequirePolicy(policy, view);
                var (table, values) = Explained.Row(asked, target, view);
                if (values is null)
                {
                    return null;
                }

                var changeable = options.Changeable.Select(t => Explained.Table(t, target, view)).ToHashSet();
                var actions = options.ActionPolicies?.Select(p => RequirePolicy(p, view)).ToArray()
                    ?? [.. view.Program.Policies.Values.Where(p => p.Kind == Data.PolicyKind.Action).Select(p => p.Name).Order(StringComparer.Ordinal)];
                var search = new RemedySearch(() => new(_engine, Request(either.Token), _options.DefaultPolicy), table, values, target, changeable, actions, either.Token);
                try
                {
                    return search.Run(options.MaxSteps) ? new Remedies(search.Found, IsComplete: true) : null;
                }
                catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
                {
                    return new Remedies(search.Found, IsComplete: false);
                }
            },
            cancellationToken);
    }
}
