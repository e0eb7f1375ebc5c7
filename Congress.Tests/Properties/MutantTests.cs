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
        new("negation keeps what is present", "Datalog/Evaluation/FilterOperators.cs", "left += isThere ? 0 : 1;", "left += isThere ? 1 : 0;"),
        new("an existential column is a value", "Datalog/Planning/Planner.cs", "ColumnsWhere(absent.Arguments, o => !o.IsAnything)", "ColumnsWhere(absent.Arguments, o => !o.IsAnything).Take(1).ToArray()"),
        new("one match where all are needed", "Datalog/Planning/Planner.cs", "match.FirstOnly = !step.Source.Slots.Any(s => boundBy[s] == i && needed.Contains(s));", "match.FirstOnly = !step.Source.Slots.Any(s => boundBy[s] == i && output.Any(o => o.Slot == s));"),
        new("a repeated variable is not checked", "Datalog/Evaluation/MatchOperator.cs", "if (cells[column] != cells[same])", "if (cells[column] != cells[same] && column > 1)"),
        new("count distinct counts all", "Datalog/Evaluation/Accumulator.cs", "term.Distinct ? new DistinctCounts() : new BindingCounts()", "new BindingCounts()"),
        new("integers are summed as reals", "Datalog/Evaluation/ExactSum.cs", "(Int128)value.AsInteger()", "(Int128)value.AsReal()"),
        new("integers are compared with what reals are stored as", "Datalog/Evaluation/FilterOperators.cs", "if (SymbolTable.IsInline(x) && SymbolTable.IsInline(y))", "if (SymbolTable.IsInline(x) || SymbolTable.IsInline(y))"),
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
        new("removal leaves a gap in the hash", "Datalog/Storage/RowNumbers.cs", "        Free(cells, SlotOf(number, cells));\n", "        _slots[SlotOf(number, cells)] = 0;\n"),
        new("a moved row is not found under its number", "Datalog/Storage/RelationIndex.cs", "_lists.Renumber(Find(key), row, number);", ""),
        new("an index leaves bits out of its keys", "Datalog/Storage/RelationIndex.cs", "key[i] = cells[columns[i]];", "key[i] = cells[columns[i]] & ~1;"),
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

/// <summary>Joins over thousands of rows find each of these wrong ways to mark, to list and to number rows.</summary>
public sealed class LargeRelationMutantTests(ITestOutputHelper output)
{
    public static TheoryData<Mutant> Mutants =>
    [
        new("rows whose columns have a range are taken twice", "Datalog/Evaluation/DenseSet.cs", "return word != before;", "return true;"),
        new("a range is that of one literal's column", "Datalog/Evaluation/HeadRanges.cs", "(Math.Min(least, head[column].Least), Math.Max(greatest, head[column].Greatest))", "(head[column].Least == int.MaxValue ? least : head[column].Least, head[column].Least == int.MaxValue ? greatest : head[column].Greatest)"),
        new("rows are taken to be distinct", "Datalog/Analysis/Rule.cs", "&& Enumerable.Range(0, Variables.Length).All(", "&& Enumerable.Range(0, Variables.Length).Take(1).All("),
        new("an intersection keeps all", "Datalog/Evaluation/IntersectOperator.cs", "(int)(bits[place >> 6] >> place) & 1;", "1;"),
        new("marks stay", "Datalog/Evaluation/ColumnMarks.cs", "        Unmark();\n        _isMarked", "        _isMarked"),
        new("marks of another prefix are taken", "Datalog/Evaluation/ColumnMarks.cs", "if (_isMarked && rest.SequenceEqual(_rest))", "if (_isMarked)"),
        new("a list that moves leaves its rows", "Datalog/Storage/PostingLists.cs", "this[list].CopyTo(_pool.AsSpan(block));", ""),
        new("texts that share their hash's upper part are one", "Datalog/Storage/SymbolTable.cs", "_texts.At(entry.Bits, entry.Length).SequenceEqual(text)", "_texts.At(entry.Bits, entry.Length)[..4].SequenceEqual(text[..4]) && hash % 2 == 0"),
    ];

    [Theory]
    [MemberData(nameof(Mutants))]
    public void A_mutant_is_caught(Mutant mutant)
    {
        var failure = MutatedCore.FirstFailure(mutant, LargeRelationProbe.FirstFailure, 2);
        Assert.True(failure is not null, $"{mutant} is not caught");
        output.WriteLine($"{mutant}: caught by {failure}");
    }
}

/// <summary>What runs inside, against whatever engine this assembly is bound to.</summary>
public static class LargeRelationProbe
{
    /// <summary>The first try whose answers are wrong, and how; null when none is.</summary>
    public static string? FirstFailure(int tries)
    {
        for (var seed = 1; seed <= tries; seed++)
        {
            foreach (var domain in new[] { "dense", "texts" })
            {
                try
                {
                    Datalog.Evaluation.LargeRelationTests.Run(seed, domain);
                }
                catch (Exception exception)
                {
                    return $"seed {seed}, {domain} values: {exception.Message}";
                }
            }
        }

        return null;
    }
}
