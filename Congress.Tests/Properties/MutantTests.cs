using Xunit.Abstractions;

namespace Congress.Tests.Properties;

/// <summary>The properties find each of these wrong ways to plan and evaluate within 300 programs.</summary>
public sealed class EvaluationMutantTests(ITestOutputHelper output)
{
    public static TheoryData<Mutant> Mutants =>
    [
        new("a delta position is dropped", "Datalog/Evaluation/Evaluator.cs", "foreach (var position in positions)", "foreach (var position in positions.Take(1))"),
        new("old reads the delta", "Datalog/Planning/Planner.cs", "RowRange.OldAndDelta : RowRange.Old,", "RowRange.OldAndDelta : RowRange.Delta,"),
        new("the delta begins one row late", "Datalog/Evaluation/Evaluator.cs", "(DeltaStart, DeltaEnd) = (DeltaEnd, rows.Count);", "(DeltaStart, DeltaEnd) = (DeltaEnd + (DeltaEnd > 0 ? 1 : 0), rows.Count);"),
        new("negation keeps what is present", "Datalog/Evaluation/FilterOperators.cs", "return !Has(_view.First", "return Has(_view.First"),
        new("an existential column is a value", "Datalog/Planning/Planner.cs", "ColumnsWhere(absent.Arguments, o => !o.IsAnything)", "ColumnsWhere(absent.Arguments, o => !o.IsAnything).Take(1).ToArray()"),
        new("one match where all are needed", "Datalog/Planning/Planner.cs", "match.FirstOnly = !step.Source.Slots.Any(s => boundBy[s] == i && needed.Contains(s));", "match.FirstOnly = !step.Source.Slots.Any(s => boundBy[s] == i && output.Any(o => o.Slot == s));"),
        new("a repeated variable is not checked", "Datalog/Evaluation/MatchOperator.cs", "if (cells[column] != cells[same])", "if (cells[column] != cells[same] && column > 1)"),
        new("count distinct counts all", "Datalog/Evaluation/Accumulator.cs", "term.Distinct ? new DistinctCount() : new Count()", "new Count()"),
        new("integers are summed as reals", "Datalog/Evaluation/ExactSum.cs", "(Int128)value.AsInteger()", "(Int128)value.AsReal()"),
        new("integers are compared with what reals are stored as", "Datalog/Evaluation/FilterOperators.cs", "SymbolTable.IsInline(x) && SymbolTable.IsInline(y)", "SymbolTable.IsInline(x) || SymbolTable.IsInline(y)"),
        new("= joins instead of comparing", "Datalog/Planning/Planner.cs", "IsSpread: true", "IsSpread: false"),
        new("a builtin's second result is lost", "Datalog/Evaluation/BuiltinOperator.cs", "(_result, _count) = (0, count);", "(_result, _count) = (0, Math.Min(1, count));"),
        new("rows of a derived table are forgotten", "Datalog/Evaluation/Evaluator.cs", "rows = facts.First.Relation.Copy();", ""),
    ];

    [Theory]
    [MemberData(nameof(Mutants))]
    public void A_mutant_is_caught(Mutant mutant) => MutatedCore.Catch(mutant, output);
}

/// <summary>The properties find each of these wrong ways to analyse, store and keep up to date, and nothing wrong with the engine as it is.</summary>
public sealed class StorageMutantTests(ITestOutputHelper output)
{
    public static TheoryData<Mutant> Mutants =>
    [
        new("an index misses new rows", "Datalog/Storage/Relation.cs", "index.CatchUp();\n            return index;", "return index;"),
        new("components in another order", "Datalog/Analysis/DependencyGraph.cs", "Components = [.. components.Where(", "Components = [.. components.AsEnumerable().Reverse().Where("),
        new("an aggregate forgets anonymous variables", "Datalog/Analysis/RuleVariables.cs", "public Operand Positive(Term term) => keepAnonymous ? Keep(term) : Operand(term);", "public Operand Positive(Term term) => Operand(term);"),
        new("dependents of dependents stay", "Datalog/Maintenance/Maintainer.cs", "queue.Enqueue(table);", ""),
        new("removal leaves a gap in the hash", "Datalog/Storage/Relation.cs", "        Free(slot);\n", "        _slots[slot] = 0;\n"),
        new("removal leaves a moved row's old neighbours", "Datalog/Storage/RelationIndex.cs", "newer[after - 1] = number + 1;", ""),
        new("a hash collision is equality", "Datalog/Storage/RelationIndex.cs", "if (cells[columns[i]] != key[i])", "if ((cells[columns[i]] & 1) != (key[i] & 1))"),
        new("a column reference counts from the left out", "Datalog/Analysis/NameResolver.cs", "argument.Column is null ? argument.Position : schema.IndexOf(argument.Column);", "argument.Column is null ? argument.Position : schema.Arity - 1 - schema.IndexOf(argument.Column);"),
        new("rows change before the batch is checked", "Datalog/Programs/PendingRows.cs", "(facts?.Contains(row) != true && Added.Add(row))", "(facts is null ? Added.Add(row) : facts.Add(row))"),
        new("a deleted rule still counts", "Datalog/Programs/Transaction.Rules.cs", "(isNew ? _addedRules : _removedRules).Add(rule);", "if (isNew) { _addedRules.Add(rule); }"),
    ];

    [Theory]
    [MemberData(nameof(Mutants))]
    public void A_mutant_is_caught(Mutant mutant) => MutatedCore.Catch(mutant, output);

    [Fact]
    public void The_engine_as_it_is_passes_in_the_same_harness() => Assert.Null(MutatedCore.FirstFailure(null));
}
