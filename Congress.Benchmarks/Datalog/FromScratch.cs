using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Congress.Benchmarks.Workloads;
using Congress.Data;
using Congress.Datasources.Drivers.Files;

namespace Congress.Benchmarks.Datalog;

/// <summary>How long does it take to derive everything from facts that have been loaded, indexes included?</summary>
/// <remarks>The facts are those of the whole runs (<c>-- workloads</c>), kept in the temporary folder. Each run has an engine of its own, in which nothing has been asked.</remarks>
[MemoryDiagnoser]
public class FromScratch
{
    private static readonly string Facts = Path.Combine(Path.GetTempPath(), "congress-workloads");
    private string _program = "";
    private PolicyEngine _engine = null!;

    [Params("tc_rand", "tc_chain", "sg", "tri", "cong", "agg", "rbac")]
    public string Workload { get; set; } = "";

    [GlobalSetup]
    public void Check()
    {
        var here = Path.Combine(Path.GetDirectoryName(typeof(FromScratch).Assembly.Location)!, "Workloads");
        WorkloadCheck.MakeFactsAsync(Facts).GetAwaiter().GetResult();
        _program = File.ReadAllText(Path.Combine(here, Workload + ".dl"));
        using var expected = JsonDocument.Parse(File.ReadAllText(Path.Combine(here, "expected.json")));
        Load();
        _engine.InsertRules(_program);
        foreach (var table in expected.RootElement.GetProperty(Workload).EnumerateObject())
        {
            Answers.MustBe(table.Value.GetProperty("rows").GetInt64(), _engine.Count(_engine.DerivedTables.Single(t => t.Table == table.Name)));
        }

        _engine.Dispose();
    }

    [IterationSetup]
    public void Load()
    {
        _engine = EngineWith(Path.Combine(Facts, Workload));
        GC.Collect();
    }

    /// <summary>The rules come, and all that they derive is worked out and kept.</summary>
    [Benchmark]
    public long Derive()
    {
        _engine.InsertRules(_program);
        _engine.Maintain([.. _engine.DerivedTables.Select(t => t.ToString())]);
        return _engine.Version;
    }

    [IterationCleanup]
    public void Dispose() => _engine.Dispose();

    private static PolicyEngine EngineWith(string facts)
    {
        var engine = new PolicyEngine(new() { DefaultKind = PolicyKind.Recursive });
        foreach (var file in FactsFolder.Scan(facts).Files)
        {
            using var rows = file.Open();
            engine.Load(file.Table, rows);
        }

        return engine;
    }
}
