using Congress.Data;
using Congress.Datalog.Evaluation;
using Congress.Datalog.Syntax;
using Congress.Diagnostics;
using Congress.Policies;

namespace Congress.Tests.Properties;

/// <summary>An engine with a random program in it.</summary>
internal sealed class EngineUnderTest : IDisposable
{
    // A table that a join blows up would keep the naive evaluator busy for minutes.
    private const int MaxRows = 600;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);   // for one answer, however busy the machine

    private readonly CancellationTokenSource _patience = new();
    private readonly PolicyEngine _engine;

    public EngineUnderTest(RandomProgram program, ProgramState state, Func<PolicyEngineOptions, PolicyEngineOptions>? setUp = null)
    {
        var (name, kind) = program.Policies[0];
        var options = new PolicyEngineOptions { DefaultPolicy = name, DefaultKind = kind, Limits = Limits };
        _engine = new(setUp is null ? options : setUp(options));
        Refuse(_engine.Apply(StartOf(program, state)));
    }

    /// <summary>How far an evaluation may go.</summary>
    public static EvaluationLimits Limits { get; } = new() { MaxRows = MaxRows };

    public PolicyEngine Engine => _engine;

    /// <summary>All of a program, apart from its first policy, which is there.</summary>
    public static PolicyBatch StartOf(RandomProgram program, ProgramState state)
    {
        var batch = new PolicyBatch();
        foreach (var policy in program.Policies.Skip(1))
        {
            batch.CreatePolicy(policy.Name, policy.Kind);
        }

        foreach (var declaration in state.Rules.Where(r => r.Statement is Declaration))
        {
            batch.InsertRules(declaration.Text, declaration.Policy);
        }

        // Rows come in any order, half as texts, half as values.
        var rows = state.Rows.ToArray();
        new Random(program.Seed).Shuffle(rows);
        foreach (var policy in program.Policies)
        {
            var facts = rows.Where((r, i) => r.Table.Policy == policy.Name && i % 2 == 0).Select(r => r.ToString());
            batch.InsertRules(string.Join("\n", state.Rules.Where(r => r.Policy == policy.Name).Select(r => r.Text + ".").Concat(facts)), policy.Name);
        }

        foreach (var row in rows.Where((_, i) => i % 2 != 0))
        {
            batch.Insert(row.Table.ToString(), row.Row.AsSpan());
        }

        return batch;
    }

    /// <summary>The rows of a table; each once.</summary>
    public HashSet<Row> Read(TableName table)
    {
        _patience.CancelAfter(Patience);
        using var reader = _engine.Read(table.ToString(), _patience.Token);
        var rows = new HashSet<Row>();
        while (reader.Read())
        {
            Assert.True(rows.Add(new(reader.Current)), $"{table} has a row twice");
        }

        return rows;
    }

    /// <summary>The answers to a query; each once.</summary>
    public HashSet<Row> Query(string query, string policy)
    {
        _patience.CancelAfter(Patience);
        var result = _engine.Query(query, policy, _patience.Token);
        var rows = result.ToHashSet();
        Assert.True(rows.Count == result.Count, $"{query} has an answer twice");
        return rows;
    }

    /// <summary>Makes changes: one by its own method, several as a batch.</summary>
    public void Apply(IReadOnlyList<Change> changes)
    {
        if (changes is not [var change])
        {
            Refuse(_engine.Apply(BatchOf(changes)));
            return;
        }

        switch (change)
        {
            case { Row: { } row, IsInsert: true }:
                _engine.Insert(row.Table.ToString(), row.Row.AsSpan());
                break;
            case { Row: { } row }:
                _engine.Delete(row.Table.ToString(), row.Row.AsSpan());
                break;
            case { IsInsert: true }:
                _engine.InsertRules(change.Rule!.Text, change.Rule.Policy);
                break;
            default:
                _engine.DeleteRules(change.Rule!.Text, change.Rule.Policy);
                break;
        }
    }

    public static PolicyBatch BatchOf(IEnumerable<Change> changes)
    {
        var batch = new PolicyBatch();
        foreach (var change in changes)
        {
            _ = change switch
            {
                { Row: { } row, IsInsert: true } => batch.Insert(row.Table.ToString(), row.Row.AsSpan()),
                { Row: { } row } => batch.Delete(row.Table.ToString(), row.Row.AsSpan()),
                { IsInsert: true } => batch.InsertRules(change.Rule!.Text, change.Rule.Policy),
                _ => batch.DeleteRules(change.Rule!.Text, change.Rule.Policy),
            };
        }

        return batch;
    }

    public void Dispose()
    {
        _engine.Dispose();
        _patience.Dispose();
    }

    private static void Refuse(ApplyResult result) => _ = result.Permitted ? result : throw new PolicyException(result.Diagnostics);
}
