using Xunit.Abstractions;

namespace Congress.Tests.Properties;

/// <summary>The properties find each of these wrong ways to bring kept tables up to date within 300 programs.</summary>
public sealed class MaintenanceMutantTests(ITestOutputHelper output)
{
    public static TheoryData<Mutant> Mutants =>
    [
        new("a sign under negation is forgotten", "Datalog/Maintenance/ComponentUpdate.cs", "(isInsert != literal.Negated ? change.Inserted", "(isInsert ? change.Inserted"),
        new("a delta position is dropped", "Datalog/Maintenance/ComponentUpdate.cs", "Admit(rule.Head, Derive(rule, PlanKind.Inserted, position, rows.Count, context));", "Admit(rule.Head, Derive(rule, PlanKind.Inserted, position, rows.Count, context)); break;"),
        new("lost rows do not return", "Datalog/Maintenance/ComponentUpdate.cs", "            Return();\n", ""),
        new("deletion candidates are not checked", "Datalog/Maintenance/ComponentUpdate.Lose.cs", "if (!found.Contains(candidates[row]))", ""),
        new("facts do not support a row", "Datalog/Maintenance/ComponentUpdate.Lose.cs", "facts.Contains(candidates[row]) || ", ""),
        new("a removed rule leaves its rows", "Datalog/Maintenance/ComponentUpdate.Lose.cs", "request.RemovedRules.Where(", "request.RemovedRules.Take(0).Where("),
        new("what follows from a lost row stays", "Datalog/Maintenance/ComponentUpdate.Lose.cs", "height > above &&", "height > above + 1 &&"),
        new("heights are ignored", "Datalog/Maintenance/ChangeTables.cs", "new(rest with { Below = Below })", "new(rest)"),
        new("an extended recursion's rows are low", "Datalog/Maintenance/ComponentUpdate.cs", "var height = _recursion!.Height;", "var height = 0;"),
        new("a new rule counts only for what is new", "Datalog/Maintenance/ComponentUpdate.cs", "request.AddedRules.Contains(rule) || request.ClockRules", "request.ClockRules"),
        new("the clock's rules are skipped", "Datalog/Maintenance/Maintainer.cs", ".Concat(_request.ClockRules)", ""),
        new("wanted tables are not computed", "Datalog/Maintenance/Maintainer.cs", "demand.Add(table);", ""),
        new("what a new rule reads is not computed", "Datalog/Maintenance/Demand.cs", "                    Add(used.Table);\n", ""),
        new("a group forgets its bindings", "Datalog/Maintenance/GroupUpdate.cs", "changed.Adopt(keys[i], committed);", "changed.Adopt(keys[i], null);"),
        new("a group under negation gains where it loses", "Datalog/Maintenance/GroupUpdate.cs", "(isInsert != literal.Negated ? change.Inserted", "(isInsert ? change.Inserted"),
        new("groups are not committed", "Datalog/Maintenance/EngineState.cs", "state.Groups[rule].Commit(groups);", ""),
    ];

    [Theory]
    [MemberData(nameof(Mutants))]
    public void A_mutant_is_caught(Mutant mutant) => MutatedCore.Catch(mutant, output);
}

/// <summary>The properties find each of these wrong ways to read and change rows beside a version within 300 programs.</summary>
public sealed class ChangeMutantTests(ITestOutputHelper output)
{
    public static TheoryData<Mutant> Mutants =>
    [
        new("removed rows are still seen", "Datalog/Evaluation/TableView.cs", "(Without is null || !Without.Contains(Relation[row])) && ", ""),
        new("rows that come are not seen", "Datalog/Evaluation/MatchOperator.cs", "(_first, _firstIndex, _second.Relation is not null)", "(_first, _firstIndex, false)"),
        new("a row that comes is not present", "Datalog/Evaluation/FilterOperators.cs", "_view.Second.Relation is null ? rest : KeepAbsent(_view.Second, _secondIndex, from, to - from, kept, rest)", "rest"),
        new("a change is not net", "Datalog/Storage/TableChange.cs", "Without(Removed, Added)", "Removed"),
        new("a moved row takes another's height", "Datalog/Storage/Relation.Changes.cs", "_heights?.Copy(last, number);", ""),
        new("a lost least value stays lost", "Datalog/Evaluation/Extremes.cs", "state.IsLost |= state.Count == 0;", ""),
        new("a lost least value is replaced by the greatest", "Datalog/Evaluation/Extremes.cs", "y.CompareTo(x) * sign", "x.CompareTo(y) * sign"),
        new("reals are never taken away", "Datalog/Evaluation/ExactSum.cs", "_reals += Scaled(value.AsReal()) * sign;", "_reals += Scaled(value.AsReal());"),
        new("a group counts what has gone", "Datalog/Evaluation/GroupTable.cs", "_bindings[group] += sign;", "_bindings[group]++;"),
        new("a group that is gone leaves its key", "Datalog/Evaluation/GroupTable.cs", "                Keys.Remove(key);\n", ""),
        new("a loss joins only rows that stay", "Datalog/Planning/Planner.cs", "isInsert ? RowRange.All : RowRange.Before", "RowRange.All"),
        new("a check sees what was", "Datalog/Planning/Planner.cs", "literal.Negated ? RowRange.All : range", "literal.Negated ? RowRange.Before : range"),
        new("what comes is a gain under negation", "Datalog/Planning/Planner.cs", "isInsert != literal.Negated ? RowRange.Inserted", "isInsert ? RowRange.Inserted"),
        new("a what-if asks the present", "PolicyEngine.Simulation.cs", "run.Finish(formula, policy ?? _options.DefaultPolicy)", "run.Finish(null, \"\")"),
    ];

    [Theory]
    [MemberData(nameof(Mutants))]
    public void A_mutant_is_caught(Mutant mutant) => MutatedCore.Catch(mutant, output);
}
