using System.Runtime.CompilerServices;

namespace Congress.Tests;

/// <summary>The files of the repository that the tests were built from.</summary>
internal static class Repository
{
    private static readonly string Root = Path.GetFullPath(Path.Join(Path.GetDirectoryName(ThisFile()), "..", ".."));

    /// <summary>The full path of a file or folder.</summary>
    public static string PathOf(string relative) => Path.Join(Root, relative);

    /// <summary>The text of a file.</summary>
    public static string Read(string relative) => File.ReadAllText(PathOf(relative));

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
