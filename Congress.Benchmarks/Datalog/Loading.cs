using BenchmarkDotNet.Attributes;
using Congress.Data;
using Congress.Datasources.Drivers.Files;
using Congress.Policies;

namespace Congress.Benchmarks.Datalog;

/// <summary>How long does it take to load a million rows of six columns: two integers, two of twenty strings, a UUID and a date?</summary>
[MemoryDiagnoser]
public class Loading
{
    private const int Count = 1_000_000;
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"congress-loading-{Environment.ProcessId}", "vm.tsv");
    private Row[] _rows = [];

    [GlobalSetup]
    public void Write()
    {
        var random = new Random(3);
        Directory.CreateDirectory(Path.GetDirectoryName(_file)!);
        _rows = new Row[Count];
        using (var writer = new StreamWriter(_file))
        {
            Span<byte> uuid = stackalloc byte[16];
            for (var i = 0; i < Count; i++)
            {
                random.NextBytes(uuid);
                var day = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(random.Next(180_000_000));
                _rows[i] = new(i, random.Next(100_000), $"flavor-{random.Next(20)}", $"zone-{random.Next(20)}", new Guid(uuid).ToString(), $"{day:yyyy-MM-ddTHH:mm:ssZ}");
                writer.WriteLine(string.Join('\t', _rows[i].Select(v => v.ToPlainText())));
            }
        }

        using var engine = FromFileTo();
        Answers.MustBe(Count, engine.Query($"n(count(id)) :- vm(id, _, _, _, _, _)")[0][0].As<int>());
        for (var i = 0; i < 1000; i++)
        {
            var row = _rows[random.Next(Count)];
            Answers.MustBe(row, engine.Query($"vm({row[0]}, host, flavor, zone, id, created)")[0]);
        }
    }

    [Benchmark]
    public long FromFile()
    {
        using var engine = FromFileTo();
        return engine.Version;
    }

    /// <summary>Of rows that a program holds as values.</summary>
    [Benchmark]
    public long FromRows()
    {
        using var engine = new PolicyEngine();
        engine.Apply(new PolicyBatch().InsertAll("vm", _rows)).ThrowIfRefused();
        return engine.Version;
    }

    [GlobalCleanup]
    public void Delete() => Directory.Delete(Path.GetDirectoryName(_file)!, recursive: true);

    private PolicyEngine FromFileTo()
    {
        var engine = new PolicyEngine();
        using var rows = FactsFolder.Scan(Path.GetDirectoryName(_file)!).Files.Single().Open();
        engine.Load("vm", rows);
        return engine;
    }
}
