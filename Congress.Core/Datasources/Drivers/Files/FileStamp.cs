namespace Congress.Datasources.Drivers.Files;

/// <summary>What tells one state of a file from another without reading it.</summary>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Written">When it was written.</param>
/// <param name="Created">When it was made, where the file system knows: one that took its place was made later.</param>
internal readonly record struct FileStamp(long Length, DateTime Written, DateTime Created)
{
    /// <summary>File systems tell times as coarse as this.</summary>
    private static readonly TimeSpan Coarsest = TimeSpan.FromSeconds(2);

    /// <summary>The stamp of the file that a path leads to.</summary>
    /// <remarks>The file is opened, so that a link is followed as a reader follows it.</remarks>
    /// <exception cref="DriverException">There is no such file, or it cannot be opened.</exception>
    public static FileStamp Of(string path)
    {
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return new(RandomAccess.GetLength(file), File.GetLastWriteTimeUtc(file), File.GetCreationTimeUtc(file));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DriverException(exception is FileNotFoundException or DirectoryNotFoundException ? $"there is no file {path}" : $"{path} cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Whether the file may have been written again since, and bear the same stamp.</summary>
    public bool IsFresh(DateTimeOffset now) => (now.UtcDateTime - Written).Duration() < Coarsest;
}
