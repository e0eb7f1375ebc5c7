using BenchmarkDotNet.Attributes;
using Congress.Policies;

namespace Congress.Benchmarks.Datalog;

/// <summary>How long does a question about one VM take, in engines of different sizes?</summary>
[MemoryDiagnoser]
public class Questions
{
    private readonly Random _random = new(7);
    private PolicyEngine _engine = null!;
    private PreparedQuery _isWrong = null!;
    private PreparedQuery _networksOf = null!;

    /// <summary>The number of VMs.</summary>
    [Params(10_000, 100_000, 1_000_000)]
    public int Vms { get; set; }

    [GlobalSetup]
    public void Load()
    {
        _engine = CloudEngine.With(CloudEngine.Rows(Vms));
        _engine.InsertRules("reachable(vm, n) :- net(vm, n), public(n).");
        _isWrong = _engine.Prepare("error(vm)", ["vm"]);
        _networksOf = _engine.Prepare("net(vm, n)", ["vm"]);
        var (wrong, networks) = (_engine.Query<int>("error(vm)").ToHashSet(), _engine.Query<int, int>("net(vm, n)").ToLookup(r => r.Item1));
        for (var i = 0; i < 1000; i++)
        {
            var vm = _random.Next(Vms);
            Answers.MustBe(wrong.Contains(vm), _isWrong.Any(vm));
            Answers.MustBe(wrong.Contains(vm), _engine.Query($"error({vm})").Count == 1);
            Answers.MustBe(networks[vm].ToHashSet().SetEquals(_networksOf.Ask<int, int>(vm)), true);
            var goals = networks[vm].Select(r => r.Item2).Where(n => _engine.Query($"public({n})").Count == 1);
            Answers.MustBe(goals.ToHashSet().SetEquals(_engine.Query<int, int>($"reachable({vm}, n)").Select(r => r.Item2)), true);
        }
    }

    /// <summary>Is this VM in error? The table is kept up to date, the question prepared.</summary>
    [Benchmark]
    public bool PreparedAny() => _isWrong.Any(_random.Next(Vms));

    /// <summary>Which networks is this VM on? The question is prepared.</summary>
    [Benchmark]
    public int PreparedRows() => _networksOf.Ask(_random.Next(Vms)).Count;

    /// <summary>Is this VM in error? Asked as a text.</summary>
    [Benchmark]
    public int Text() => _engine.Query($"error({_random.Next(Vms)})").Count;

    /// <summary>Which public networks is this VM on? Nobody depends on the table, so it is worked out for this VM.</summary>
    [Benchmark]
    public int GoalDirected() => _engine.Query($"reachable({_random.Next(Vms)}, n)").Count;

    [GlobalCleanup]
    public void Dispose() => _engine.Dispose();
}
