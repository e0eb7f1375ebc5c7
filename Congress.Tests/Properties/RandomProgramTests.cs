using Xunit.Abstractions;

namespace Congress.Tests.Properties;

/// <summary>The engine against the naive evaluator, on random programs. Each claim is a class, so that they run in parallel.</summary>
public sealed class FromScratchTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_table_is_what_the_naive_evaluator_computes() => Seeds.Check(EngineProperties.FromScratch, output);
}

/// <inheritdoc cref="FromScratchTests"/>
public sealed class ChangesTests(ITestOutputHelper output)
{
    [Fact]
    public void After_any_changes_the_answers_are_those_of_a_new_engine() => Seeds.Check(EngineProperties.AfterChanges, output);
}

/// <inheritdoc cref="FromScratchTests"/>
public sealed class RefusalTests(ITestOutputHelper output)
{
    [Fact]
    public void A_refused_batch_changes_nothing() => Seeds.Check(EngineProperties.RefusedBatchesChangeNothing, output);
}

/// <inheritdoc cref="FromScratchTests"/>
public sealed class QueriesTests(ITestOutputHelper output)
{
    [Fact]
    public void A_query_selects_from_full_tables() => Seeds.Check(EngineProperties.QueriesSelect, output);
}

/// <inheritdoc cref="FromScratchTests"/>
public sealed class PreparedQueriesTests(ITestOutputHelper output)
{
    [Fact]
    public void A_prepared_query_answers_as_its_text_with_the_values() => Seeds.Check(EngineProperties.PreparedQueriesAnswerAsTexts, output);

    [Fact]
    public void Prepared_queries_of_every_kind_have_answers()
    {
        var tally = new Tally();
        foreach (var program in Enumerable.Range(0, 200).Select(ProgramGenerator.Generate))
        {
            EngineProperties.PreparedQueriesAnswerAsTexts(program, tally);
        }

        output.WriteLine($"{tally}");
        Assert.All(["atoms", "rules", "without values", "without answers"], kind => Assert.True(tally[kind] >= 200, $"{kind} are rare: {tally}"));
    }
}

/// <inheritdoc cref="FromScratchTests"/>
public sealed class ExplanationTests(ITestOutputHelper output)
{
    [Fact]
    public void Rows_are_explained_by_a_derivation_of_least_height_and_others_by_what_is_lacking() => Seeds.Check(EngineProperties.ExplanationsHold, output);

    [Fact]
    public void Rows_of_every_height_are_explained()
    {
        var tally = new Tally();
        foreach (var program in Enumerable.Range(0, 200).Select(ProgramGenerator.Generate))
        {
            EngineProperties.ExplanationsHold(program, tally);
        }

        output.WriteLine($"{tally}");
        Assert.All(["height 0", "height 1", "height 2", "height 3", "absences"], kind => Assert.True(tally[kind] >= 50, $"{kind} are rare: {tally}"));
    }
}

/// <inheritdoc cref="FromScratchTests"/>
public sealed class RemedyTests(ITestOutputHelper output)
{
    [Fact]
    public void Remedies_help_and_none_that_deletes_up_to_two_rows_is_missing() => Seeds.Check(program => EngineProperties.RemediesHelp(program, new()), output);

    [Fact]
    public void Remedies_of_every_kind_are_found()
    {
        var tally = new Tally();
        foreach (var program in Enumerable.Range(0, 300).Select(ProgramGenerator.Generate))
        {
            EngineProperties.RemediesHelp(program, tally);
        }

        output.WriteLine($"{tally}");
        Assert.All(["of 1", "of 2", "inserting", "by deletion"], kind => Assert.True(tally[kind] >= 20, $"{kind} are rare: {tally}"));
    }
}

/// <inheritdoc cref="FromScratchTests"/>
public sealed class OrderTests(ITestOutputHelper output)
{
    [Fact]
    public void The_order_of_rules_literals_and_rows_does_not_matter() => Seeds.Check(EngineProperties.OrderDoesNotMatter, output);
}

/// <inheritdoc cref="FromScratchTests"/>
public sealed class MaintenanceTests(ITestOutputHelper output)
{
    [Fact]
    public void Kept_tables_are_exact_after_every_change() => Seeds.Check(EngineProperties.KeptTablesAreExact, output);
}

/// <inheritdoc cref="FromScratchTests"/>
public sealed class ChangeOrderTests(ITestOutputHelper output)
{
    [Fact]
    public void Changes_in_any_order_and_in_any_batches_end_in_the_same_tables() => Seeds.Check(EngineProperties.ChangesComeInAnyOrder, output);
}

/// <inheritdoc cref="FromScratchTests"/>
public sealed class RollbackTests(ITestOutputHelper output)
{
    [Fact]
    public void A_change_that_is_stopped_in_the_middle_leaves_no_trace() => Seeds.Check(EngineProperties.RollbacksLeaveNoTrace, output);

    [Fact]
    public void Changes_are_stopped_in_every_way()
    {
        var tally = new Tally();
        foreach (var program in Enumerable.Range(0, 200).Select(ProgramGenerator.Generate))
        {
            EngineProperties.RollbacksLeaveNoTrace(program, tally);
        }

        output.WriteLine($"{tally}");
        Assert.All(["refused", "cancelled", "failed", "too large"], way => Assert.True(tally[way] >= 50, $"{way} is rare: {tally}"));
    }
}

/// <inheritdoc cref="FromScratchTests"/>
public sealed class WhatIfTests(ITestOutputHelper output)
{
    [Fact]
    public void A_what_if_is_exact_and_leaves_no_trace() => Seeds.Check(EngineProperties.WhatIfsAreExact, output);
}

/// <inheritdoc cref="FromScratchTests"/>
public sealed class ListeningTests(ITestOutputHelper output)
{
    [Fact]
    public void Updates_replay_to_the_table_after_every_change() => Seeds.Check(EngineProperties.UpdatesReplay, output);
}
