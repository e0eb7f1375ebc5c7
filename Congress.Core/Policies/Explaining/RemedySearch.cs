using Congress.Data;
using Congress.Datalog;
using Congress.Datalog.Syntax;
using Congress.Diagnostics;
using Congress.Policies.WhatIf;

namespace Congress.Policies.Explaining;

/// <summary>Finds the smallest sets of steps after which a row is not in its table.</summary>
/// <remarks>The tree of hitting sets (R. Reiter, A Theory of Diagnosis from First Principles, 1987): what takes the row away has one of the steps that end its present derivation; after
/// that step one of those that end the next. Each set is tried in a what-if, which alone decides.</remarks>
internal sealed class RemedySearch(
    Func<SimulationRun> begin, TableName table, Row row, string policy, IReadOnlySet<TableName> changeable, IReadOnlyList<string> actionPolicies, CancellationToken cancellationToken)
{
    private readonly List<RemedyStep[]> _found = [];

    /// <summary>The remedies so far, the smallest first.</summary>
    public IReadOnlyList<Remedy> Found => [.. _found.Select(steps => new Remedy([.. steps.Select(s => s.Text)]))
        .OrderBy(r => r.Steps.Count).ThenBy(r => r.ToString(), StringComparer.Ordinal)];

    /// <summary>Looks for all remedies of at most so many steps.</summary>
    /// <returns>False when the row is not there.</returns>
    public bool Run(int maxSteps)
    {
        if (CandidatesAfter([]) is not { } candidates)
        {
            return false;
        }

        var open = new List<(RemedyStep Step, IReadOnlyCollection<RemedyStep> Next)>();
        foreach (var step in candidates)
        {
            Try([step], next => open.Add((step, next)));
        }

        if (maxSteps < 2)
        {
            return true;
        }

        var tried = new HashSet<string>(StringComparer.Ordinal);
        var alone = _found.Select(steps => steps[0]).ToHashSet();
        foreach (var (first, next) in open)
        {
            foreach (var second in next.Where(s => s != first && !alone.Contains(s)))
            {
                if (tried.Add(string.Join('\n', new[] { first.Text, second.Text }.Order(StringComparer.Ordinal))))
                {
                    Try([first, second], _ => { });
                }
            }
        }

        return true;
    }

    private void Try(RemedyStep[] steps, Action<IReadOnlyCollection<RemedyStep>> onStillThere)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            if (CandidatesAfter(steps) is { } next)
            {
                onStillThere(next);
            }
            else
            {
                _found.Add(steps);
            }
        }
        catch (PolicyException)
        {
            // The step is not permitted, as a row that does not fit its schema: no remedy.
        }
    }

    /// <summary>The steps that would end the row's derivation after others; null when it is not there any more.</summary>
    private IReadOnlyCollection<RemedyStep>? CandidatesAfter(RemedyStep[] steps)
    {
        var run = begin();
        foreach (var step in steps)
        {
            run.Do(Parser.Parse(step.Text, "remedy").Statements, step.ActionPolicy, policy, allowsUpdates: step.ActionPolicy is null);
        }

        return new RemedyCandidates(run.Read(), policy, changeable, actionPolicies, cancellationToken).Of(table, row);
    }
}
