using System.Text.RegularExpressions;

namespace Congress.Tests.Architecture;

/// <summary>What the sources keep to besides what the compiler checks.</summary>
public sealed class SourceTests
{
    private static readonly string Root = Repository.PathOf("");

    private static IEnumerable<string> Sources => Directory.EnumerateFiles(Root, "*.cs", SearchOption.AllDirectories)
        .Where(f => !Regex.IsMatch(f, @"[/\\](bin|obj)[/\\]", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)));

    [Fact]
    public void Nothing_is_left_for_later()
    {
        var marks = string.Join('|', "TO" + "DO", "FIX" + "ME", "HA" + "CK", "NotImplemented" + "Exception", @"Skip\s*=\s*""");
        Assert.DoesNotContain(Sources, f => Regex.IsMatch(File.ReadAllText(f), marks, RegexOptions.None, TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public void A_file_tells_one_story()
    {
        // A kernel or the parser may be longer, with reason.
        Assert.Empty(Sources.Where(f => File.ReadLines(f).Count() > 500).Select(f => Path.GetRelativePath(Root, f)));
        var lengths = Sources.Where(f => f.Contains("Congress.Core", StringComparison.Ordinal)).Select(f => File.ReadLines(f).Count()).Order().ToArray();
        Assert.InRange(lengths[lengths.Length / 2], 1, 130);
    }

    [Fact]
    public void No_folder_or_file_is_named_after_nothing() => Assert.DoesNotContain(Sources, f =>
        Regex.IsMatch(Path.GetRelativePath(Root, f), @"\b\w*(Utils?|Helpers?|Commons?|Managers?|Impl)\b", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)));
}
