using System.Globalization;
using Congress.Data;
using Congress.Datasources.Drivers.Files;
using Congress.Policies;

namespace Congress.Benchmarks.Workloads;

/// <summary>Measures single changes and batches of changes of the workloads, with all that the policy derives kept up to date.</summary>
/// <remarks>Each operation is timed by itself, in one thread, after two seconds of warm-up. At the end every derived table must have as many
/// rows as at first: all operations undo themselves, but for the moves of VMs, which are moved back.</remarks>
internal sealed class ChangeCheck : IDisposable
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);   // until the code has been compiled for good

    private static readonly (string Workload, string[] Tables)[] Inputs =
    [
        ("cong", ["nova_net", "public", "group", "neutron_networks", "nova_servers"]),
        ("rbac", ["member", "deny", "subgroup", "grant", "roleperm", "tree"]),
        ("tc_rand", ["edge"]),
        ("sg", ["parent"]),
    ];

    private readonly string _name;
    private readonly PolicyEngine _engine;
    private readonly Dictionary<string, Row[]> _rows = [];
    private readonly Random _random = new(17);
    private readonly IDisposable _kept;

    private ChangeCheck(string name, string folder, string program)
    {
        _name = name;
        _engine = new(new() { DefaultKind = PolicyKind.Recursive });
        var start = TimeProvider.System.GetTimestamp();
        foreach (var file in FactsFolder.Scan(folder).Files)
        {
            using var reader = file.Open();
            _engine.Load(file.Table, reader);
        }

        _engine.InsertRules(program);
        _kept = _engine.Maintain([.. _engine.DerivedTables.Select(t => t.ToString())]);
        Console.WriteLine($"{name}: loaded and derived in {TimeProvider.System.GetElapsedTime(start).TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture)} s");
        foreach (var file in FactsFolder.Scan(folder).Files)
        {
            using var reader = file.Open();
            var rows = new List<Row>();
            while (reader.Read())
            {
                rows.Add(new(reader.Current));
            }

            _rows[file.Table] = [.. rows];
        }
    }

    /// <summary>Runs the workloads that are named, or all.</summary>
    /// <param name="arguments"><c>--data DIR</c> for a folder with the facts, and names of workloads.</param>
    /// <returns>0 when all derived tables end as they began, else 1.</returns>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var data = arguments is ["--data", var folder, ..] ? folder : Path.Combine(Path.GetTempPath(), "congress-workloads");
        var names = arguments is ["--data", _, .. var named] ? named : arguments;
        await WorkloadCheck.MakeFactsAsync(data);
        var failed = 0;
        Console.WriteLine($"{"change",-44} {"p50 us",10} {"p95 us",10} {"max us",10} {"count",7}");
        foreach (var name in names.Length > 0 ? names : ["cong10k", "cong100k", "cong", "rbac", "tc_rand", "sg"])
        {
            var program = name.StartsWith("cong", StringComparison.Ordinal) ? "cong" : name;
            using var check = new ChangeCheck(name, Path.Combine(data, name), await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Workloads", program + ".dl")));
            failed += check.Run(Inputs.First(i => i.Workload == program).Tables) ? 0 : 1;
        }

        return failed == 0 ? 0 : 1;
    }

    public void Dispose()
    {
        _kept.Dispose();
        _engine.Dispose();
    }

    private bool Run(string[] tables)
    {
        var before = Counts();
        if (tables.Contains("nova_net"))
        {
            Moves();
            Batches();
        }

        foreach (var table in tables)
        {
            var rows = _rows[table];
            Measure($"{table} row, delete and reinsert", _name is "tc_rand" or "sg" ? 200 : 2_000, () =>
            {
                var row = rows[_random.Next(rows.Length)];
                return () =>
                {
                    _engine.Delete(table, row.AsSpan());
                    _engine.Insert(table, row.AsSpan());
                };
            });
        }

        var after = Counts();
        var isRight = before == after;
        Console.WriteLine(isRight ? $"{_name}: ends as it began: {after}" : $"{_name}: WRONG: {after} instead of {before}");
        return isRight;
    }

    private void Moves()
    {
        var (nets, owned) = (_rows["neutron_networks"].Length, _rows["nova_net"]);
        var moved = new List<(Row From, Row To)>();
        Measure("nova_net, one VM moved", 10_000, () =>
        {
            var from = owned[_random.Next(owned.Length)];
            var to = new Row(from[0], _random.Next(nets));
            moved.Add((from, to));
            var batch = new PolicyBatch().Delete("nova_net", from.AsSpan()).Insert("nova_net", to.AsSpan());
            return () => _engine.Apply(batch).ThrowIfRefused();
        });
        foreach (var (from, to) in Enumerable.Reverse(moved))
        {
            _engine.Apply(new PolicyBatch().Delete("nova_net", to.AsSpan()).Insert("nova_net", from.AsSpan())).ThrowIfRefused();
        }
    }

    private void Batches()
    {
        var (nets, owned) = (_rows["neutron_networks"].Length, _rows["nova_net"]);
        (PolicyBatch There, PolicyBatch Back) Make()
        {
            var (there, back) = (new PolicyBatch(), new PolicyBatch());
            foreach (var from in Enumerable.Range(0, 1_000).Select(_ => owned[_random.Next(owned.Length)]).DistinctBy(r => r[0]))
            {
                var to = new Row(from[0], _random.Next(nets));
                if (to != from)
                {
                    there.Delete("nova_net", from.AsSpan()).Insert("nova_net", to.AsSpan());
                    back.Delete("nova_net", to.AsSpan()).Insert("nova_net", from.AsSpan());
                }
            }

            return (there, back);
        }

        PolicyBatch? undo = null;
        Measure("nova_net, batch of 1,000 moves", 200, () =>
        {
            if (undo is { } back)
            {
                undo = null;
                return () => _engine.Apply(back).ThrowIfRefused();
            }

            (var there, undo) = Make();
            return () => _engine.Apply(there).ThrowIfRefused();
        });
        if (undo is not null)
        {
            _engine.Apply(undo).ThrowIfRefused();
        }
    }

    /// <summary>Times operations that are prepared beforehand.</summary>
    private void Measure(string what, int count, Func<Action> prepare)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(began) < WarmUp)
        {
            prepare()();
        }

        var times = new double[count];
        for (var i = 0; i < count; i++)
        {
            var operation = prepare();
            var start = TimeProvider.System.GetTimestamp();
            operation();
            times[i] = TimeProvider.System.GetElapsedTime(start).TotalMicroseconds;
        }

        Array.Sort(times);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{_name + ": " + what,-44} {times[count / 2],10:F1} {times[count * 95 / 100],10:F1} {times[^1],10:F1} {count,7}"));
    }

    private string Counts() => string.Join(", ", _engine.DerivedTables.Select(t => (t.Table, Count: CountOf(t.ToString()))).Select(t => $"{t.Table} {t.Count}"));

    private long CountOf(string table)
    {
        using var rows = _engine.Read(table);
        long count = 0;
        while (rows.Read())
        {
            count++;
        }

        return count;
    }
}
