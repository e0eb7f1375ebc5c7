using Congress.Datalog.Analysis;
using Congress.Datalog.Syntax;
using Congress.Diagnostics;

namespace Congress.Datalog.Programs;

/// <summary>A rule that a policy holds: active, waiting for a policy or datasource, or in error since a schema arrived.</summary>
/// <param name="Formula">The rule as it was written.</param>
/// <param name="Policy">The policy that holds it.</param>
/// <param name="Order">Its place among all rules, by age.</param>
/// <param name="Checked">The rule to evaluate; null when it is not active.</param>
/// <param name="WaitsFor">The policies and datasources it waits for.</param>
/// <param name="Diagnostics">What there is to say about it.</param>
internal sealed record ProgramRule(
    Formula Formula, string Policy, long Order, Rule? Checked, IReadOnlyList<string> WaitsFor, IReadOnlyList<Diagnostic> Diagnostics);
