using Congress.Data;
using Congress.Datalog.Syntax;
using Congress.Diagnostics;
using Congress.Policies;
using Congress.Policies.WhatIf;

namespace Congress;

/// <summary>What would be.</summary>
public sealed partial class PolicyEngine
{
    /// <summary>Begins a what-if: <c>engine.Simulate().Insert("p", 1).Do("stop(\"vm-1\")").Run()</c>. It changes nothing and calls nobody.</summary>
    public Simulation Simulate() => new((simulation, query, policy, cancellationToken) =>
    {
        var formula = query is null ? null : ParseQuery(query);
        return Read(
            _ =>
            {
                var run = new SimulationRun(_engine, Request(cancellationToken), _options.DefaultPolicy);
                simulation.ApplyTo(run);
                return run.Finish(formula, policy ?? _options.DefaultPolicy);
            },
            cancellationToken);
    });

    /// <summary>Tells what a batch would bring about, without making its changes.</summary>
    /// <param name="batch">The changes.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="PolicyException">The batch would be refused, or the evaluation failed.</exception>
    public SimulationResult Preview(PolicyBatch batch, CancellationToken cancellationToken = default) => Simulate().Apply(batch).Run(cancellationToken);
}
