using System.Diagnostics;
using System.Globalization;
using Congress.Data;
using Congress.Policies;

namespace Congress.Benchmarks.Datalog;

/// <summary>Two threads ask while a third moves 10,000 VMs a second: how many answers are there, how long do they take, and are all of one version?</summary>
/// <remarks>Each change moves a VM in two tables at once, with all that the policy derives from one of them. An answer that joins the
/// tables must find the VM once, and on the same network in both.</remarks>
internal static class QueriesBesideChanges
{
    private const int Vms = 1_000_000;
    private const int ChangesPerSecond = 10_000;
    private const int MostSamples = 4_000_000;

    /// <summary>Runs for some seconds.</summary>
    /// <param name="arguments"><c>--seconds N</c>; 10 unless given.</param>
    /// <returns>0 when no answer was torn, else 1.</returns>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var duration = TimeSpan.FromSeconds(arguments is ["--seconds", var seconds, ..] ? double.Parse(seconds, CultureInfo.InvariantCulture) : 10);
        using var engine = CloudEngine.With(CloudEngine.Rows(Vms));
        var places = new int[Vms];
        foreach (var (vm, network) in engine.Query<int, int>("net(vm, n)"))
        {
            places[vm] = network;
        }

        engine.Apply(new PolicyBatch().InsertAll("mirror", places.Select((network, vm) => new Row(vm, network)))).ThrowIfRefused();
        var torn = 0;
        foreach (var (name, writes) in new[] { ("two threads of prepared queries alone", false), ("two threads of prepared queries beside changes", true) })
        {
            using var stop = new CancellationTokenSource(duration);
            var askers = Enumerable.Range(0, 2).Select(i => Start(() => Ask(engine, new Random(i), stop.Token))).ToArray();
            var writer = writes ? Start(() => Move(engine, places, stop.Token)) : Task.FromResult(0L);
            var answers = await Task.WhenAll(askers);
            var changes = await writer;
            torn += answers.Sum(a => a.Torn);
            var times = answers.SelectMany(a => a.Ticks).ToArray();
            Array.Sort(times);
            string At(double part) => Stopwatch.GetElapsedTime(0, times[(int)((times.Length - 1) * part)]).TotalMicroseconds.ToString("0.0", CultureInfo.InvariantCulture);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{name}: {answers.Sum(a => a.Count) / duration.TotalSeconds:0} answers/s, p50 {At(0.5)} us, p99 {At(0.99)} us, max {At(1)} us; {changes / duration.TotalSeconds:0} changes/s; {torn} torn"));
        }

        return torn == 0 ? 0 : 1;
    }

    private static Task<T> Start<T>(Func<T> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Asks until it is stopped; the time of each answer is taken, up to some millions.</summary>
    private static (long Count, int Torn, List<long> Ticks) Ask(PolicyEngine engine, Random random, CancellationToken stop)
    {
        var where = engine.Prepare("q(n, m) :- net(vm, n), mirror(vm, m)", ["vm"]);
        var (count, torn, ticks) = (0L, 0, new List<long>(MostSamples / 4));
        for (; !stop.IsCancellationRequested; count++)
        {
            var start = Stopwatch.GetTimestamp();
            var answer = where.Ask([random.Next(Vms)], CancellationToken.None);
            var elapsed = Stopwatch.GetTimestamp() - start;
            torn += answer is [var row] && row[0] == row[1] ? 0 : 1;
            if (ticks.Count < MostSamples)
            {
                ticks.Add(elapsed);
            }
        }

        return (count, torn, ticks);
    }

    /// <summary>Moves VMs at an even pace until it is stopped.</summary>
    private static long Move(PolicyEngine engine, int[] places, CancellationToken stop)
    {
        var random = new Random(23);
        var start = Stopwatch.GetTimestamp();
        for (var changes = 0L; ; changes++)
        {
            while (Stopwatch.GetElapsedTime(start).TotalSeconds * ChangesPerSecond < changes)
            {
                if (stop.IsCancellationRequested)
                {
                    return changes;
                }

                Thread.Yield();
            }

            if (stop.IsCancellationRequested)
            {
                return changes;
            }

            var (vm, network) = (random.Next(Vms), random.Next(Vms / 10));
            engine.Apply(new PolicyBatch().Delete("net", vm, places[vm]).Insert("net", vm, network)
                .Delete("mirror", vm, places[vm]).Insert("mirror", vm, network), CancellationToken.None).ThrowIfRefused();
            places[vm] = network;
        }
    }
}
